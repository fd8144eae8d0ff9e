package io.checkoutgateway.settings;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Where values come from, in falling order: system properties, the environment, the file named by
 * {@code GATEWAY_CONFIG_FILE}. A variable {@code X_FILE} gives the path of a file that holds the value of {@code X},
 * the way clusters mount secrets.
 */
final class Sources {
    static final String CONFIG_FILE = "GATEWAY_CONFIG_FILE";
    private static final String FILE_SUFFIX = "_FILE";
    private static final int SYSTEM_PROPERTIES = 400;
    private static final int ENVIRONMENT = 300;
    private static final int CONFIGURATION_FILE = 200;

    private final SmallRyeConfig config;
    private final Set<String> names;
    private final Set<String> fileNames;

    private Sources(SmallRyeConfig config, Set<String> names, Set<String> fileNames) {
        this.config = config;
        this.names = names;
        this.fileNames = fileNames;
    }

    static Sources ofProcess() {
        Map<String, String> properties = new HashMap<>();
        System.getProperties().stringPropertyNames().forEach(name -> {
            String value = System.getProperty(name);
            if (value != null) {
                properties.put(name, value);
            }
        });
        return of(List.of(
                source(properties, "system properties", SYSTEM_PROPERTIES),
                source(System.getenv(), "environment", ENVIRONMENT)));
    }

    static Sources of(Map<String, String> values) {
        return of(List.of(source(values, "values", ENVIRONMENT)));
    }

    private static Sources of(List<PropertiesConfigSource> given) {
        Sources withoutFile = build(given, Set.of());
        return withoutFile
                .value(CONFIG_FILE)
                .map(file -> withFile(given, fileSource(Path.of(file))))
                .orElse(withoutFile);
    }

    private static Sources withFile(List<PropertiesConfigSource> given, PropertiesConfigSource file) {
        return build(Stream.concat(given.stream(), Stream.of(file)).toList(), file.getPropertyNames());
    }

    private static Sources build(List<PropertiesConfigSource> sources, Set<String> fileNames) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder();
        Set<String> names = new TreeSet<>();
        for (PropertiesConfigSource source : sources) {
            builder.withSources(source);
            names.addAll(source.getPropertyNames());
        }
        return new Sources(builder.build(), names, fileNames);
    }

    private static PropertiesConfigSource fileSource(Path file) {
        try {
            return new PropertiesConfigSource(file.toUri().toURL(), CONFIGURATION_FILE);
        } catch (IOException e) {
            throw new SettingsException(List.of(CONFIG_FILE + " names " + file + ", which cannot be read"));
        }
    }

    private static PropertiesConfigSource source(Map<String, String> values, String name, int ordinal) {
        return new PropertiesConfigSource(values, name, ordinal);
    }

    /** The value under this name or, failing that, the content of the file that {@code name_FILE} names. */
    Optional<String> value(String name) {
        return raw(name).or(() -> raw(name + FILE_SUFFIX).map(Sources::contentOf));
    }

    private Optional<String> raw(String name) {
        return Optional.ofNullable(config.getConfigValue(name).getRawValue())
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    private static String contentOf(String path) {
        try {
            return Files.readString(Path.of(path)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every name that has a value, those of the operating system included. */
    Set<String> names() {
        return names;
    }

    /** Those of them that the file named by {@code GATEWAY_CONFIG_FILE} gives a value. */
    Set<String> fileNames() {
        return fileNames;
    }
}
