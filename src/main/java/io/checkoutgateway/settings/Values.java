package io.checkoutgateway.settings;

import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The values of single settings, each of its type. What is asked for is noted for the catalogue, and what cannot be is
 * noted as a mistake; then the preset stands in, so that the next mistake is found too.
 */
final class Values {
    private static final Pattern SIGNING_SECRET = Pattern.compile("whsec_[A-Za-z0-9_+/=-]{4,}");

    private final Sources sources;
    private final List<Setting> catalogue = new ArrayList<>();
    private final List<String> mistakes = new ArrayList<>();

    Values(Sources sources) {
        this.sources = sources;
    }

    /** What was asked for so far, in that order. */
    List<Setting> catalogue() {
        return List.copyOf(catalogue);
    }

    /** What was wrong so far: sentences that begin with the variable's name. */
    List<String> mistakes() {
        return List.copyOf(mistakes);
    }

    String required(String name, boolean secret, String meaning, Function<String, @Nullable String> mistakeOf) {
        describe(name, null, true, secret, meaning);
        Optional<String> value = value(name);
        if (value.isEmpty()) {
            mistakes.add(name + " is required and was not given");
            return "";
        }
        String mistake = mistakeOf.apply(value.get());
        if (mistake != null) {
            mistakes.add(name + " " + mistake);
        }
        return value.get();
    }

    String text(String name, String preset, String meaning) {
        describe(name, preset, false, false, meaning);
        return value(name).orElse(preset);
    }

    String matching(String name, String preset, Pattern pattern, String rule, String meaning) {
        describe(name, preset, false, false, meaning);
        String value = value(name).orElse(preset);
        if (!pattern.matcher(value).matches()) {
            mistakes.add("%s must be %s, was \"%s\"".formatted(name, rule, value));
        }
        return value;
    }

    /** One of a closed list, in whatever case it is written; answers it as the list writes it. */
    String word(String name, String preset, List<String> words, String meaning) {
        describe(name, preset, false, false, meaning);
        String value = value(name).orElse(preset);
        Optional<String> word =
                words.stream().filter(known -> known.equalsIgnoreCase(value)).findFirst();
        if (word.isEmpty()) {
            mistakes.add("%s must be one of %s, was \"%s\"".formatted(name, String.join(", ", words), value));
        }
        return word.orElse(preset);
    }

    @Nullable
    String optional(String name, Pattern pattern, String rule, String meaning) {
        describe(name, null, false, false, meaning);
        Optional<String> value = value(name);
        value.filter(given -> !pattern.matcher(given).matches())
                .ifPresent(given -> mistakes.add("%s must be %s, was \"%s\"".formatted(name, rule, given)));
        return value.orElse(null);
    }

    int number(String name, int preset, int least, int most, String meaning) {
        describe(name, Integer.toString(preset), false, false, meaning);
        String value = value(name).orElse(Integer.toString(preset));
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, together with numbers out of range.
        }
        mistakes.add("%s must be a whole number between %d and %d, was \"%s\"".formatted(name, least, most, value));
        return preset;
    }

    Duration duration(String name, String preset, String least, String most, String meaning) {
        describe(name, preset, false, false, meaning);
        String value = value(name).orElse(preset);
        try {
            Duration duration = Duration.parse(value.toUpperCase(Locale.ROOT));
            if (duration.compareTo(Duration.parse(least)) >= 0 && duration.compareTo(Duration.parse(most)) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            // Told below, together with durations out of range.
        }
        mistakes.add("%s must be an ISO 8601 duration between %s and %s, such as %s, was \"%s\""
                .formatted(name, least, most, preset, value));
        return Duration.parse(preset);
    }

    boolean flag(String name, boolean preset, String meaning) {
        describe(name, Boolean.toString(preset), false, false, meaning);
        String value = value(name).orElse(Boolean.toString(preset));
        if (!value.equals("true") && !value.equals("false")) {
            mistakes.add("%s must be true or false, was \"%s\"".formatted(name, value));
        }
        return value.equals("true");
    }

    URI url(String name, String preset, String meaning) {
        describe(name, preset, false, false, meaning);
        return absoluteUrl(name, value(name).orElse(preset)).orElse(URI.create(preset));
    }

    @Nullable
    URI optionalUrl(String name, String meaning) {
        describe(name, null, false, false, meaning);
        return value(name).flatMap(given -> absoluteUrl(name, given)).orElse(null);
    }

    private Optional<URI> absoluteUrl(String name, String value) {
        try {
            URI uri = URI.create(value);
            if (("https".equals(uri.getScheme()) || "http".equals(uri.getScheme())) && uri.getHost() != null) {
                return Optional.of(uri);
            }
        } catch (IllegalArgumentException e) {
            // Told below, together with URLs of other schemes.
        }
        mistakes.add("%s must be an absolute http or https URL, was \"%s\"".formatted(name, value));
        return Optional.empty();
    }

    List<Secret> secrets(String name, String meaning) {
        describe(name, null, false, true, meaning);
        List<String> values = listed(name);
        if (!values.stream().allMatch(value -> SIGNING_SECRET.matcher(value).matches())) {
            mistakes.add(name + " must be one or more secrets like whsec_…, separated by commas");
        }
        return values.stream().map(Secret::of).toList();
    }

    List<String> listed(String name) {
        return value(name).map(given -> Arrays.asList(given.split(","))).orElse(List.of()).stream()
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
    }

    Optional<String> value(String name) {
        try {
            return sources.value(name);
        } catch (UncheckedIOException e) {
            mistakes.add("%s_FILE names a file that cannot be read: %s".formatted(name, e.getMessage()));
            return Optional.empty();
        }
    }

    /** Adds a mistake, a sentence that begins with the variable's name. */
    void refuse(String mistake) {
        mistakes.add(mistake);
    }

    void describe(String name, @Nullable String preset, boolean required, boolean secret, String meaning) {
        catalogue.add(new Setting(name, preset, required, secret, meaning));
    }

    List<Network> networks(String name, String meaning) {
        describe(name, null, false, false, meaning);
        List<Network> networks = new ArrayList<>();
        for (String text : value(name).map(given -> given.split(",", -1)).orElse(new String[0])) {
            Network.of(text.strip())
                    .ifPresentOrElse(
                            networks::add,
                            () -> mistakes.add("%s must be networks like 10.8.0.0/16, separated by commas, was \"%s\""
                                    .formatted(name, text.strip())));
        }
        return networks;
    }

    List<HostPattern> hosts(String name, String meaning) {
        describe(name, null, false, false, meaning);
        List<HostPattern> hosts = new ArrayList<>();
        for (String text : value(name).map(given -> given.split(",", -1)).orElse(new String[0])) {
            HostPattern.of(text.strip())
                    .ifPresentOrElse(
                            hosts::add,
                            () -> mistakes.add(
                                    "%s must be hosts like shop.example.com or *.example.com, separated by commas, was \"%s\""
                                            .formatted(name, text.strip())));
        }
        return hosts;
    }
}
