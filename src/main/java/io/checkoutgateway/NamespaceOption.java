package io.checkoutgateway;

import io.checkoutgateway.settings.Namespace;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The option {@code --namespace} of commands: whose things they are about. */
final class NamespaceOption {
    private static final String DEFAULT = "default";

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    @Option(
            names = "--namespace",
            converter = Name.class,
            description = "Whose; by default the one of the settings, or what the command says.")
    private @Nullable String given;

    /** What was given; {@code null} when nothing was. */
    @Nullable
    String given() {
        return given;
    }

    /** What was given, or the namespace that there always is. */
    String orDefault() {
        return Objects.requireNonNullElse(given, DEFAULT);
    }

    /** What was given; for commands that must not guess. Refuses the command line without it. */
    String required() {
        if (given == null) {
            throw new ParameterException(
                    Objects.requireNonNull(command).commandLine(), "Missing required option: '--namespace'");
        }
        return given;
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
