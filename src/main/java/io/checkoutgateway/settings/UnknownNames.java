package io.checkoutgateway.settings;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds names that somebody gave a value and that mean nothing to the gateway: a misspelt one must not silently leave the
 * preset in force. The file of settings is the gateway's alone, the environment is not.
 */
final class UnknownNames {
    /** Names of the environment that begin so are meant for the gateway, but for those that others are known to set. */
    private static final List<String> FAMILIES = List.of("GATEWAY_", "DATABASE_", "STRIPE_");

    /** What the demo reads, and what it writes for its callers' shells: of no meaning to the gateway. */
    private static final Set<String> OF_THE_DEMO = Set.of(
            "GATEWAY_URL",
            "GATEWAY_MANAGEMENT_URL",
            "GATEWAY_API_KEY",
            "GATEWAY_CUSTOMER_ID",
            "GATEWAY_APP_ID",
            "STRIPE_SANDBOX_PORT",
            "STRIPE_SANDBOX_URL");

    /**
     * The parts of DATABASE_URL, and other ways to the same database, which hosting platforms give beside it; the
     * publishable key, which a shop's environment holds beside the secret one; what Stripe's command line reads.
     */
    private static final Pattern OF_OTHERS =
            Pattern.compile("DATABASE_(HOST|PORT|NAME|USER|USERNAME|PASSWORD|(PUBLIC|PRIVATE|CONNECTION_POOL)_URL"
                    + "|URL_UNPOOLED)|STRIPE_(PUBLISHABLE_KEY|DEVICE_NAME|CLI_\\w+)");

    /** Kubernetes, and Docker before it, set these for each service of the namespace, whatever it is called. */
    private static final Pattern OF_A_SERVICE = Pattern.compile(
            "\\w+_(SERVICE_HOST|SERVICE_PORT(_\\w+)?|ENV_\\w+" + "|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

    /** The one of them that only its value gives away. */
    private static final Pattern ADDRESS = Pattern.compile("(tcp|udp|sctp)://\\S+");

    /** Words of many programs: a name that is nearly one of these is somebody else's. */
    private static final Set<String> COMMON = Set.of("LOG_FORMAT", "LOG_LEVEL");

    private final Sources sources;
    private final List<String> known;

    UnknownNames(Sources sources, List<Setting> catalogue) {
        this.sources = sources;
        this.known = catalogue.stream()
                .flatMap(setting -> Stream.of(setting.name(), setting.name() + "_FILE"))
                .toList();
    }

    /** A sentence for each. */
    List<String> mistakes() {
        return sources.names().stream()
                .filter(name -> !known.contains(name) && !OF_THE_DEMO.contains(name))
                .filter(name -> sources.fileNames().contains(name) || isMeantForUs(name))
                .map(name -> name + " is not a setting"
                        + meant(name)
                                .map(other -> "; did you mean " + other + "?")
                                .orElse(""))
                .toList();
    }

    private boolean isMeantForUs(String name) {
        boolean ours = FAMILIES.stream().anyMatch(name::startsWith)
                || meant(name).filter(other -> !COMMON.contains(other)).isPresent();
        return ours && !isOfOthers(name);
    }

    private boolean isOfOthers(String name) {
        return OF_OTHERS.matcher(name).matches()
                || OF_A_SERVICE.matcher(name).matches()
                || (name.endsWith("_PORT")
                        && sources.value(name)
                                .filter(value -> ADDRESS.matcher(value).matches())
                                .isPresent());
    }

    private Optional<String> meant(String name) {
        return known.stream().filter(other -> Typos.near(name, other)).findFirst();
    }
}
