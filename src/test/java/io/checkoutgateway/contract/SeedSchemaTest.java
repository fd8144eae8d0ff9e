package io.checkoutgateway.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.checkoutgateway.api.model.BillingAppStripeCreateCheckoutSessionResult;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The schema that the project was given lies in the contract as it was delivered, and is published as it says. */
class SeedSchemaTest {
    private static final String NAME = "BillingAppStripeCreateCheckoutSessionResult";
    private static final Path SEED = Path.of("api/schemas", NAME + ".json");

    /** Of the file as it was delivered. */
    private static final String SHA_256 = "4d04e0ccc069db4b5a9b8350ce4f56bd10fcbdbb521d5fec52c6641bb4119d3a";

    @Test
    void seed_file_isAsDelivered() throws IOException, NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(SEED));

        assertThat("%064x".formatted(new BigInteger(1, digest))).isEqualTo(SHA_256);
    }

    @Test
    void publish_seed_differsOnlyInWhatNamesTheFile() throws IOException {
        ObjectNode seed = (ObjectNode) PublishedContract.JSON.readTree(SEED.toFile());

        seed.remove(List.of("$schema", "$id"));

        assertThat(PublishedContract.schema(NAME)).isEqualTo(seed);
    }

    @Test
    void generate_model_hasTheSeedsMembersInTheirOrder() {
        List<String> members = new ArrayList<>();
        PublishedContract.schema(NAME).get("properties").fieldNames().forEachRemaining(members::add);

        JsonPropertyOrder order =
                BillingAppStripeCreateCheckoutSessionResult.class.getAnnotation(JsonPropertyOrder.class);

        assertThat(members).hasSize(17);
        assertThat(order.value()).containsExactlyElementsOf(members);
    }
}
