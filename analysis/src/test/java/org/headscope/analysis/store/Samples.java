package org.headscope.analysis.store;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.headscope.analysis.result.Axis;
import org.headscope.analysis.result.Grid;
import org.headscope.analysis.result.HeadPositionGrid;
import org.headscope.analysis.result.Quantity;
import org.headscope.analysis.result.Result;
import org.headscope.analysis.result.SampleResults;

/** What the tests of the store put into it. */
final class Samples {
    private Samples() {}

    static ObjectNode json(String key, int value) {
        return JsonNodeFactory.instance.objectNode().put(key, value);
    }

    static RunSpec spec(String analysis) {
        return new RunSpec(
                analysis,
                "Title",
                json("k", 3),
                JsonNodeFactory.instance.objectNode(),
                new RunSpec.ModelKey("models/tiny", "sha256:1"),
                "0.1.0",
                42);
    }

    /** More text than stays inside the database. */
    static Result large() {
        double[] numbers = new double[40_000];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = Math.sin(i);
        }
        Grid grid = Grid.of(List.of(Axis.layers(10), Axis.of(Axis.POSITION, 400), Axis.heads(10)), numbers);
        return new Result(
                "Large",
                List.of(new HeadPositionGrid("z", Quantity.signed("effect", ""), grid)),
                List.of(),
                SampleResults.provenance(1));
    }

    /** Runs a statement past the store, as another program would. */
    static void behindItsBack(Path file, String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
