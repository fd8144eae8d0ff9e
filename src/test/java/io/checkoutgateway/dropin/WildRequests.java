package io.checkoutgateway.dropin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.checkoutgateway.dropin.Bodies.Place;
import io.checkoutgateway.testing.Fuzz;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;

/** Requests that the schema allows and nobody expects: one strange value in an ordinary body, or many. */
final class WildRequests {
    private static final int EACH = 8;
    private static final int ALL_WILD = 60;

    /** What comes twice in a list. */
    private static final JsonNode AGAIN = JsonNodeFactory.instance.textNode("again");

    private final Stage stage;

    WildRequests(Stage stage) {
        this.stage = stage;
    }

    List<Request> of(Described operation) {
        if (operation.body().isEmpty()) {
            return new Queries(operation).wild(Fuzz.random(operation.id(), 0), EACH * 2);
        }
        OpenApi contract = operation.contract();
        List<Request> requests = new ArrayList<>();
        for (ObjectNode schema :
                contract.alternatives(contract.at(operation.body().orElseThrow()))) {
            for (JsonNode base : stage.bases(operation)) {
                add(operation, schema, base, requests);
            }
        }
        return requests;
    }

    private void add(Described operation, ObjectNode schema, JsonNode base, List<Request> requests) {
        Bodies bodies = new Bodies(operation.contract());
        Filling ordinary = new Filling(stage, any -> true, Map.of(), null);
        int input = requests.size();
        for (Place place : bodies.places(schema)) {
            for (int i = 0; i < EACH; i++) {
                Random random = Fuzz.random(operation.id(), input++);
                Bodies.Plan plan = new Strange(OrdinaryRequests.upTo(place), place.path()::equals, ordinary, random);
                JsonNode body = bodies.body(schema, plan);
                requests.add(Request.of(operation, "strange " + place.path()).with(Bodies.over(body, base)));
            }
        }
        for (int i = 0; i < ALL_WILD; i++) {
            Random random = Fuzz.random(operation.id(), input++);
            Bodies.Plan plan = new Strange(any -> random.nextBoolean(), any -> random.nextBoolean(), ordinary, random);
            requests.add(
                    Request.of(operation, "strange in many places").with(Bodies.over(bodies.body(schema, plan), base)));
        }
    }

    /** Strange at some places, ordinary at the others. */
    private record Strange(Predicate<String> members, Predicate<String> strange, Filling ordinary, Random random)
            implements Bodies.Plan {
        @Override
        public boolean has(String place) {
            return members.test(place);
        }

        @Override
        public JsonNode leaf(Place place) {
            JsonNode value = ordinary.leaf(place);
            String list = place.path().replaceFirst("\\[]$", "");
            if (!list.equals(place.path()) && strange.test(list) && random.nextInt(4) == 0) {
                return AGAIN;
            }
            return strange.test(place.path()) ? Wild.leaf(random, place.schema(), value) : value;
        }

        @Override
        public int size(Place place) {
            return strange.test(place.path()) ? Wild.size(random, place.schema()) : ordinary.size(place);
        }

        @Override
        public String name(Place map, int entry) {
            return strange.test(map.path()) ? Wild.name(random, entry) : ordinary.name(map, entry);
        }
    }
}
