package io.checkoutgateway.bench;

/** X. */
final class ManyRows implements Measurement {
    @Override
    public String name() {
        return "rows";
    }

    @Override
    public String question() {
        return "";
    }

    @Override
    public Outcome measure(Plan plan) {
        throw new IllegalStateException();
    }
}
