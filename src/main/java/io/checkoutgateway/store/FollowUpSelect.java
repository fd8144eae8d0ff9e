package io.checkoutgateway.store;

import io.checkoutgateway.followup.FollowUpLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The statements for follow-ups that somebody asks for, made of what is asked, as {@link EventSelect}. */
final class FollowUpSelect {
    static final String TABLE = "follow_ups";

    private static final String APPS = "f.app_id = ANY (ARRAY(SELECT id FROM apps WHERE namespace = #{namespace}))";
    private static final String APP =
            "f.app_id = ANY (ARRAY(SELECT id FROM apps WHERE namespace = #{namespace} AND id = #{app_id}))";

    /** All there are, so that the unique index finds a subject. */
    private static final String ANY_KIND =
            "f.kind = ANY ('{read_session,read_setup_intent,fetch_line_items,set_default_payment_method}')";

    private static final String GIVEN_UP = "given_up";

    private final FollowUpLog.Filter filter;
    private final Parameters parameters;
    private final List<String> conditions = new ArrayList<>();

    private FollowUpSelect(String namespace, FollowUpLog.Filter filter) {
        this.filter = filter;
        this.parameters = Parameters.of("namespace", namespace)
                .and("app_id", filter.appId())
                .and("subject", filter.subject())
                .and("kind", filter.kind() == null ? null : filter.kind().word());
    }

    static FollowUpSelect of(String namespace, FollowUpLog.Filter filter) {
        FollowUpSelect select = new FollowUpSelect(namespace, filter);
        select.conditions.add(filter.appId() == null ? APPS : APP);
        if (filter.kind() != null) {
            select.conditions.add("f.kind = #{kind}");
        }
        if (filter.subject() != null) {
            select.conditions.add("f.subject = #{subject} AND " + ANY_KIND);
        }
        if (filter.state() != null) {
            select.conditions.add(stateIs("f.", filter.state()));
        }
        return select;
    }

    /** A word that is no state is none of any follow-up. */
    private static String stateIs(String alias, String state) {
        return FollowUpLog.STATES.contains(state) ? alias + "state = '" + state + "'" : "false";
    }

    /** Whether an index leads to what is wanted, however many there are. */
    boolean isLookup() {
        return filter.subject() != null;
    }

    /** The condition of the index whose rows alone need to be walked through; empty for all rows. */
    String walked() {
        return GIVEN_UP.equals(filter.state()) ? stateIs("", GIVEN_UP) : "";
    }

    String page(String columns, IdStretch stretch, int most) {
        return "SELECT " + columns + " FROM follow_ups f WHERE " + stretch.rows("f", TABLE, conditions, isLookup())
                + " LIMIT " + most;
    }

    Map<String, Object> parameters(IdStretch stretch) {
        return parameters.and("low", stretch.low()).and("high", stretch.high()).map();
    }
}
