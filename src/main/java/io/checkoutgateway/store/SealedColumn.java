package io.checkoutgateway.store;

/**
 * A column of sealed secrets, and how their owners follow from its row, which the expressions know as {@code t}.
 *
 * @param namespace an SQL expression for {@code SecretOwner.namespace}
 * @param kind an SQL expression for {@code SecretOwner.kind}
 * @param id an SQL expression for {@code SecretOwner.id}
 * @param onceClear whether the first builds left secrets in clear here; elsewhere such a row is nobody's secret
 */
record SealedColumn(String table, String column, String namespace, String kind, String id, boolean onceClear) {
    /** A place before the first row of every table. */
    static final String BEFORE_ALL = "(0,0)";

    /** The places of rows, unlike their keys, are the same in every table; a row that moves meanwhile is met again later. */
    private static final String OTHER_THAN =
            """
            SELECT t.ctid::text AS place, t.%2$s AS sealed, %3$s AS namespace, %4$s AS kind,
                   %5$s AS id
            FROM %1$s t
            WHERE t.ctid > #{after}::text::tid AND substring(t.%2$s FROM 1 FOR 5) <> #{mark}
            ORDER BY t.ctid
            LIMIT #{most}
            """;

    /** The first builds left signing secrets in clear, and nothing else; what was broken must not be taken for one. */
    private static final String IN_CLEAR =
            """
            FROM %1$s t
            WHERE substring(t.%2$s FROM 1 FOR 6) = convert_to('whsec_', 'UTF8')
            """;

    private static final String CLEAR =
            """
            SELECT t.ctid::text AS place, t.%2$s AS sealed, %3$s AS namespace, %4$s AS kind,
                   %5$s AS id
            """
                    + IN_CLEAR
                    + """
            ORDER BY namespace, id
            LIMIT #{most}
            """;

    private static final String CLEAR_NAMED =
            """
            SELECT t.ctid::text AS place, t.%2$s AS sealed, %3$s AS namespace, %4$s AS kind,
                   %5$s AS id
            """
                    + IN_CLEAR
                    + """
              AND %5$s = ANY (#{ids}::text[])
            ORDER BY namespace, id
            """;

    private static final String COUNT_CLEAR = "SELECT count(*) AS clear " + IN_CLEAR;

    private static final String REPLACE =
            "UPDATE %1$s SET %2$s = #{sealed} WHERE ctid = #{place}::text::tid AND %2$s = #{before}";

    String otherThan() {
        return of(OTHER_THAN);
    }

    String clear() {
        return of(CLEAR);
    }

    /** Those whose owners have these ids: as many as there are ids at most, so that none shuts out another. */
    String clearNamed() {
        return of(CLEAR_NAMED);
    }

    String countClear() {
        return of(COUNT_CLEAR);
    }

    String replace() {
        return of(REPLACE);
    }

    private String of(String sql) {
        return sql.formatted(table, column, namespace, kind, id);
    }
}
