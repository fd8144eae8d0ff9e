package io.checkoutgateway.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.testing.TestDatabase;
import io.vertx.pgclient.PgConnectOptions;
import org.junit.jupiter.api.Test;

class ConnectOptionsTest {

    /** The client's own reading of URLs knows fewer signs than RFC 3986, and tells of others with the whole URL. */
    @Test
    void of_passwordWithEverySignThatAUrlMayHave_takesIt() {
        PgConnectOptions options = ConnectOptions.of(
                TestDatabase.settings("postgresql://gate+way:p$a&s=s'(w);o,r%2Fd@db.internal/checkout?sslmode=require")
                        .database());

        assertThat(options.getUser()).isEqualTo("gate+way");
        assertThat(options.getPassword()).isEqualTo("p$a&s=s'(w);o,r/d");
        assertThat(options.getHost()).isEqualTo("db.internal");
        assertThat(options.getPort()).isEqualTo(5432);
        assertThat(options.getDatabase()).isEqualTo("checkout");
    }
}
