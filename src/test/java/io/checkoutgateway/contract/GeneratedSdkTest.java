package io.checkoutgateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.checkoutgateway.sdk.ApiClient;
import io.checkoutgateway.sdk.model.BillingAppStripeCreateCheckoutSessionRequestOptions;
import io.checkoutgateway.sdk.model.CheckoutSession;
import io.checkoutgateway.sdk.model.CursorPageQuery;
import io.checkoutgateway.sdk.model.DjStripeCheckoutSession;
import io.checkoutgateway.sdk.model.StripeSessionMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** A client that was generated today still reads the answers of tomorrow. */
class GeneratedSdkTest {
    private final ObjectMapper mapper = new ApiClient().getObjectMapper();

    @Test
    void read_answerWithNewMember_isRead() throws IOException {
        String answer = example("session.open").replaceFirst("\\{", "{\"invented_later\": {\"a\": 1},");

        CheckoutSession session = mapper.readValue(answer, CheckoutSession.class);

        assertThat(session.getStatus()).isEqualTo("open");
        assertThat(session.getMetadata()).containsEntry("order", "A-1001").hasSize(2);
    }

    @Test
    void read_answerWithNewWord_isReadAsUnknown() throws IOException {
        String answer = example("dj-stripe-session").replace("\"setup\"", "\"rental\"");

        DjStripeCheckoutSession session = mapper.readValue(answer, DjStripeCheckoutSession.class);

        assertThat(session.getMode()).isEqualTo(StripeSessionMode.UNKNOWN_DEFAULT_OPEN_API);
        assertThat(session.getDjstripeId()).isEqualTo(42);
    }

    @Test
    void write_requestWithFewOptions_holdsOnlyThose() throws JsonProcessingException {
        var options = new BillingAppStripeCreateCheckoutSessionRequestOptions().successUrl("https://a.example");

        assertThat(mapper.writeValueAsString(options)).isEqualTo("{\"success_url\":\"https://a.example\"}");
    }

    @Test
    void query_page_isWrittenInBrackets() {
        assertThat(new CursorPageQuery().size(5).after("x").toUrlQueryString("page"))
                .isEqualTo("page[size]=5&page[after]=x");
    }

    private static String example(String name) throws IOException {
        return Files.readString(Path.of("api/examples", name + ".json"));
    }
}
