package io.checkoutgateway;

import io.checkoutgateway.settings.Namespace;
import io.checkoutgateway.settings.Settings;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The option {@code --namespace} of commands: whose things they are about. What holds without it is the command's. */
final class NamespaceOption {
    private static final String NAME = "--namespace";
    private static final String LABEL = "<name>";

    private NamespaceOption() {}

    /** Of commands that must not guess. */
    static final class Required {
        @Option(
                names = NAME,
                paramLabel = LABEL,
                required = true,
                converter = Name.class,
                description = "The namespace that this is for: each has customers, apps and keys of its own.")
        private String given = "";

        String name() {
            return given;
        }
    }

    /** Of commands that are about the same things as the gateway with these settings. */
    static final class OrOwn {
        @Option(
                names = NAME,
                paramLabel = LABEL,
                converter = Name.class,
                description = "The namespace that this is about; that of GATEWAY_NAMESPACE without it.")
        private @Nullable String given;

        /** As given, or as the settings of the environment say. */
        String name() {
            return given == null ? Settings.fromEnvironment().checkout().namespace() : given;
        }

        String nameOr(String own) {
            return Objects.requireNonNullElse(given, own);
        }
    }

    /** Takes what a namespace may be called. */
    static final class Name implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            if (!Namespace.isName(text)) {
                throw new TypeConversionException("a namespace must be %s, was \"%s\"".formatted(Namespace.RULE, text));
            }
            return text;
        }
    }
}
