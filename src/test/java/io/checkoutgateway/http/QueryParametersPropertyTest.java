package io.checkoutgateway.http;

import static io.checkoutgateway.http.QueryParametersTest.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.checkoutgateway.failure.GatewayException;
import io.checkoutgateway.failure.Reason;
import io.checkoutgateway.testing.Fuzz;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** What holds for every query. */
class QueryParametersPropertyTest {

    @Property(tries = 500, seed = Fuzz.PROPERTY_SEED)
    void parse_anyNames_areTakenOrRefusedAsInvalid(@ForAll String first, @ForAll String second) {
        try {
            assertThat(QueryParameters.parse(query(first, second + "[x]"))).isNotNull();
        } catch (GatewayException refused) {
            assertThat(refused.reason()).isEqualTo(Reason.INVALID_REQUEST);
        }
    }
}
