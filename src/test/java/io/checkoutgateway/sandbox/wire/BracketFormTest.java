package io.checkoutgateway.sandbox.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BracketFormTest {

    static List<Arguments> forms() {
        return List.of(
                argumentSet("nothing", "", Map.of()),
                argumentSet("plain", "mode=setup", Map.of("mode", "setup")),
                argumentSet("nested", "a[b][c]=v", Map.of("a", Map.of("b", Map.of("c", "v")))),
                argumentSet("escaped brackets", "a%5Bb%5D=v", Map.of("a", Map.of("b", "v"))),
                argumentSet("indexed list", "a[0]=x&a[1]=y", Map.of("a", Map.of("0", "x", "1", "y"))),
                argumentSet("curl's list", "a[]=x&a[]=y", Map.of("a", Map.of("0", "x", "1", "y"))),
                argumentSet(
                        "curl's list of objects",
                        "a[][b]=1&a[][c]=2&a[][b]=3",
                        Map.of("a", Map.of("0", Map.of("b", "1", "c", "2"), "1", Map.of("b", "3")))),
                argumentSet("space and percent", "a=b+c%26d%C3%A9", Map.of("a", "b c&dé")),
                argumentSet("empty value", "metadata=", Map.of("metadata", "")),
                argumentSet("no equals sign", "flag", Map.of("flag", "")),
                argumentSet("last one wins", "a=1&a=2", Map.of("a", "2")),
                argumentSet("cleared, then set", "m=&m[k]=v", Map.of("m", Map.of("k", "v"))),
                argumentSet("metadata with a number", "metadata[7]=x", Map.of("metadata", Map.of("7", "x"))),
                argumentSet("stray bracket", "metadata[a.b][[c]]=x", Map.of("metadata[a.b][[c]]", "x")),
                argumentSet("placeholder", "u=%7BCHECKOUT_SESSION_ID%7D", Map.of("u", "{CHECKOUT_SESSION_ID}")));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void parse_knownForm_givesTree(String form, Map<String, Object> tree) {
        assertThat(BracketForm.parse(form)).isEqualTo(tree);
    }

    static List<Arguments> refused() {
        return List.of(
                argumentSet("broken percent", "a=%zz"),
                argumentSet("value and object", "a=1&a[b]=2"),
                argumentSet("object and value", "a[b]=2&a=1"),
                argumentSet("too deep", "a" + "[x]".repeat(BracketForm.MAX_DEPTH) + "=1"),
                argumentSet("too many", "a=1&".repeat(BracketForm.MAX_PARAMETERS + 1)));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void parse_malformedForm_isRefused(String form) {
        assertThatThrownBy(() -> BracketForm.parse(form))
                .isInstanceOf(StripeError.class)
                .hasMessageContaining("properly form-encoded");
    }

    @Test
    void parse_deepestAllowedForm_isRead() {
        assertThat(BracketForm.parse("a" + "[x]".repeat(BracketForm.MAX_DEPTH - 1) + "=1"))
                .containsKey("a");
    }

    @Test
    void list_indexesWithAGap_areRefusedInStripesWords() {
        Fields fields = Fields.none().optional("expand", Shapes.list(Shapes.text(), 10));

        assertThatThrownBy(() -> fields.read(BracketForm.parse("expand[1]=customer")))
                .hasMessageContaining("must be numeric and sequential starting from 0. You passed the keys `1`, we "
                        + "expected to have a key with the value `0`.");
    }
}
