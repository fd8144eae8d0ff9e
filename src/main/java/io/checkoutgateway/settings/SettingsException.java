package io.checkoutgateway.settings;

import java.util.List;

/** The settings cannot be used; the message lists every mistake at once, a line each. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> mistakes;

    public SettingsException(List<String> mistakes) {
        super("The settings cannot be used:\n  - " + String.join("\n  - ", mistakes));
        this.mistakes = List.copyOf(mistakes);
    }

    /** One sentence for each mistake, each naming the variable that the operator typed. */
    public List<String> mistakes() {
        return mistakes;
    }
}
