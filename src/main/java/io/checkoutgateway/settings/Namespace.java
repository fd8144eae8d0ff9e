package io.checkoutgateway.settings;

import java.util.regex.Pattern;

/** What a namespace may be called: a label of a host name, so that it can become part of one. (RFC 1123, section 2.1.) */
public final class Namespace {
    /** What to tell someone whose name was refused, after "must be". */
    public static final String RULE = "up to 63 lower-case letters, digits and inner hyphens";

    static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    private Namespace() {}

    /** Whether a namespace may be called this. */
    public static boolean isName(String text) {
        return FORM.matcher(text).matches();
    }
}
