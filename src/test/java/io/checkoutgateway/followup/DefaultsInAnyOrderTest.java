package io.checkoutgateway.followup;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.exception.StripeException;
import io.checkoutgateway.testing.Fuzz;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * A customer of ours sets up cards, somebody chooses another one in Stripe's dashboard, cards are detached; events are
 * delivered late, twice, in any order, or not before the end; calls fail before and after Stripe acted, as if their
 * process had died there. At the end the link and Stripe hold what was chosen last, or none when that was detached.
 */
class DefaultsInAnyOrderTest {
    private static final int STEPS = 14;

    private static final FollowUpScene SCENE = new FollowUpScene();

    @AfterContainer
    static void stop() {
        SCENE.close();
    }

    @Property(tries = 12, seed = Fuzz.PROPERTY_SEED)
    void defaults_anyOrderDelayLossAndCrash_endAsTheNewestChoice(@ForAll Random chance) throws StripeException {
        // Whoever chooses at Stripe twice in one second leaves it to Stripe which was the last.
        SCENE.sandbox.clock().freeze();
        DefaultsStory story = new DefaultsStory(SCENE, chance);
        for (int step = 0; step < STEPS; step++) {
            SCENE.sandbox.clock().advance(Duration.ofSeconds(2));
            story.goOn();
        }

        story.end();

        assertThat(SCENE.link(story.link, "default_payment_method_id"))
                .as("here, after %s", story.told)
                .isEqualTo(String.valueOf(story.newest()));
        assertThat(story.atStripe()).as("at Stripe, after %s", story.told).isEqualTo(story.newest());
    }
}
