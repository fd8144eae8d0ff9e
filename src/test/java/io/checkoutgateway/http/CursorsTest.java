package io.checkoutgateway.http;

import static io.checkoutgateway.http.CursorsPropertyTest.LIST;
import static io.checkoutgateway.http.CursorsPropertyTest.inBase64;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CursorsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "1",
                "\"text\"",
                "{}",
                "{\"l\": null, \"i\": null}",
                "{\"l\": \"@\", \"i\": \"../../etc/passwd\"}",
                "{\"l\": \"@\", \"i\": [\"01ARZ3NDEKTSV4RRFFQ69G5FAV\"]}",
                "{\"l\": \"@\", \"i\": \"01ARZ3NDEKTSV4RRFFQ69G5FAV\", \"v\": 5}",
                "{\"l\": \"@\", \"i\": \"01ARZ3NDEKTSV4RRFFQ69G5FAV\", \"v\": \"yesterday\"}",
                "{\"l\": \"@\", \"i\": \"01ARZ3NDEKTSV4RRFFQ69G5FAV\", \"v\": \"+999999999-12-31T23:59:59Z\"}",
                "{\"l\": \"@\", \"i\": \"01ARZ3NDEKTSV4RRFFQ69G5FAV\", \"v\": \"-999999999-01-01T00:00:00Z\"}"
            })
    void decode_jsonThatIsNoPlace_isEmpty(String json) {
        assertThat(Cursors.decode(inBase64(json.replace("@", LIST)), LIST)).isEmpty();
    }
}
