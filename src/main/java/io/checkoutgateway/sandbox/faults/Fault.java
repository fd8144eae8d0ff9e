package io.checkoutgateway.sandbox.faults;

import io.checkoutgateway.sandbox.world.EventLoop;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** One rule: the next so many matching requests suffer one effect. */
public final class Fault {
    private final EventLoop loop;
    private final String id;
    private final String method;
    private final String path;
    private final Pattern pattern;
    private final Effect effect;
    private final List<Promise<Void>> held = new ArrayList<>();
    private final Promise<Void> struck = Promise.promise();
    private int skip;
    private int remaining;
    private int hits;
    private boolean released;

    Fault(EventLoop loop, String id, String method, String path, int skip, int times, Effect effect) {
        this.loop = loop;
        this.id = id;
        this.method = method;
        this.path = path;
        this.pattern = glob(path);
        this.skip = skip;
        this.remaining = times;
        this.effect = effect;
    }

    public String id() {
        return id;
    }

    /** The HTTP method, or {@code *}. */
    public String method() {
        return method;
    }

    /** The path pattern: {@code *} is one segment, {@code **} any number. */
    public String path() {
        return path;
    }

    public Effect effect() {
        return effect;
    }

    /** How many requests will still suffer. */
    public int remaining() {
        return loop.call(() -> remaining);
    }

    /** How many requests have suffered. */
    public int hits() {
        return loop.call(() -> hits);
    }

    /** Completes when the first request has suffered; for a hold, when it stands there. */
    public Future<Void> struck() {
        return struck.future();
    }

    /** Lets every held request go on, and later ones pass without stopping. */
    public void release() {
        loop.run(() -> {
            released = true;
            held.forEach(promise -> promise.tryComplete());
            held.clear();
        });
    }

    boolean claims(String requestMethod, String requestPath) {
        boolean matches = remaining > 0
                && (method.equals("*") || method.equals(requestMethod))
                && pattern.matcher(requestPath).matches();
        if (matches && skip > 0) {
            skip--;
            return false;
        }
        if (matches) {
            remaining--;
            hits++;
        }
        return matches;
    }

    /** Called by the front when the effect begins. */
    public void strike() {
        struck.tryComplete();
    }

    /** Where a held request waits. */
    public Future<Void> hold() {
        strike();
        if (released) {
            return Future.succeededFuture();
        }
        Promise<Void> promise = Promise.promise();
        held.add(promise);
        return promise.future();
    }

    private static Pattern glob(String path) {
        StringBuilder regex = new StringBuilder();
        for (String part : path.split("(?<=/)|(?=/)", -1)) {
            regex.append(part.equals("**") ? ".*" : part.equals("*") ? "[^/]+" : Pattern.quote(part));
        }
        return Pattern.compile(regex.toString());
    }
}
