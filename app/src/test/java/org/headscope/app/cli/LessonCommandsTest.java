package org.headscope.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.headscope.app.testing.FreshHome;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A teacher lists lessons and tries out one of her own, on the model that was built by hand. */
@Tag("engine")
class LessonCommandsTest {
    private static final String STEP =
            """
            {"title": "Mine", "minutes": 2, "model": "induction-2l", "steps": [{"text": ["a"],
            "prompt": "apple bird cloud door apple", "show": ["heads", "predictions", "analysis"],
            "analysis": {"id": "head-detectors"}, "question": %s}]}
            """;
    private static final String LARGEST = "{\"kind\": \"largest\", \"ask\": \"q\", \"hint\": \"h\", \"panel\": \"%s\"}";
    private static final String MASKING = "{\"kind\": \"prediction\", \"ask\": \"q\", \"hint\": \"h\","
            + " \"is_not\": \"bird\", \"at_most\": 1, \"solution\": [\"%s\"]}";

    private StringWriter out = new StringWriter();

    @RegisterExtension
    final FreshHome home = new FreshHome();

    @Test
    void shippedLessonsAndOwnOnesAreListedBrokenOnesWithTheirError() throws IOException {
        Path own = Files.createDirectories(home.folder().resolve("lessons"));
        Files.writeString(own.resolve("my-own.json"), STEP.formatted(LARGEST.formatted("Induction score")));

        assertThat(run("lesson", "list", "--json")).isZero();
        JsonNode list = new ObjectMapper().readTree(out.toString());
        assertThat(list.findValuesAsText("id")).contains("01-what-a-head-is", "my-own");
        assertThat(list).hasSizeGreaterThanOrEqualTo(9);

        Files.writeString(own.resolve("bad.json"), "{}");
        assertThat(run("lesson", "list")).isEqualTo(1);
        assertThat(out.toString()).contains("my-own", "bad.json, steps: a list of at least 1 is needed");
    }

    @Test
    void lessonThatWorksPasses() throws IOException {
        assertThat(check(LARGEST.formatted("Induction score"))).isZero();
        assertThat(out.toString()).contains("passed", "solved: Right: layer 1, head 2 has 1", "refused: ");

        assertThat(check(MASKING.formatted("1.2"))).isZero();
        assertThat(out.toString()).contains("solved: Masked heads: 1.", "refused: Masked heads: 0.");
    }

    @Test
    void solutionThatSolvesNothingAndPanelThatIsNotThereFail() throws IOException {
        assertThat(check(MASKING.formatted("0.3"))).isEqualTo(1);
        assertThat(out.toString()).contains("FAILED", "NOT solved: Masked heads: 1.", "bird");

        assertThat(check(LARGEST.formatted("Induction"))).isEqualTo(1);
        assertThat(out.toString()).contains("There is no panel \"Induction\"", "\"Induction score\"");
    }

    private int check(String question) throws IOException {
        return run(
                "lesson",
                "check",
                Files.writeString(home.folder().resolve("l.json"), STEP.formatted(question))
                        .toString());
    }

    private int run(String... args) {
        out = new StringWriter();
        return HeadscopeCli.run(new PrintWriter(out), new PrintWriter(new StringWriter()), args);
    }
}
