package org.headscope.app.picture;

import java.util.List;
import java.util.stream.Collectors;
import org.headscope.analysis.result.InvalidPanelException;
import org.headscope.analysis.result.Table;
import org.headscope.analysis.result.Table.Column;
import org.headscope.analysis.result.Table.Type;

/** Columns that a way of drawing a table takes. */
final class Columns {
    private Columns() {}

    /**
     * Refuses tables of other columns.
     *
     * @param table what is to be drawn
     * @param drawnAs what its rows would become, for the message
     * @param accepted what the columns may hold, in their order
     */
    static void check(Table table, String drawnAs, List<List<Type>> accepted) {
        List<Type> found = table.columns().stream().map(Column::type).toList();
        if (!accepted.contains(found)) {
            String wanted = accepted.stream().map(Columns::words).collect(Collectors.joining(" or "));
            throw new InvalidPanelException("Table '" + table.title() + "' cannot be drawn as " + drawnAs
                    + ": its columns have to hold " + wanted + ", not " + words(found)
                    + ". Give it these columns, or draw it as a table.");
        }
    }

    private static String words(List<Type> types) {
        return types.stream().map(Type::name).collect(Collectors.joining(", ", "(", ")"));
    }
}
