package org.headscope.app.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskException;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.app.testing.StandIn;
import org.headscope.app.workbench.OpenModel;
import org.headscope.hooks.handbuilt.InductionFolder;
import org.headscope.hooks.handbuilt.InductionModel;
import org.headscope.hooks.tokens.BosPolicy;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine")
class TaskPairTest {
    @TempDir
    static Path folder;

    @BeforeAll
    static void write() {
        StandIn.write(folder.resolve("stand-in"));
        InductionFolder.write(folder.resolve("induction"));
    }

    @Test
    void whatIsTypedBecomesTheTokensOfTheExample() {
        try (OpenModel model = OpenModel.load(folder.resolve("stand-in"))) {
            for (TaskGenerator task : TaskRegistry.all()) {
                TaskPair pair = TaskPair.draw(model, BosPolicy.AUTO, task, 3);
                EncodedExample drawn = model.use(open -> TaskEncoder.of(open, BosPolicy.AUTO)
                        .draw(task, Split.HELD_OUT, 1, 3)
                        .get(0));

                model.use(open -> {
                    SessionPrompts prompts = new SessionPrompts(Session.of(open));
                    assertThat(ids(prompts, pair.clean())).isEqualTo(drawn.clean());
                    assertThat(ids(prompts, pair.corrupt())).isEqualTo(drawn.corrupt());
                    assertThat(prompts.answer(Prompt.parse(pair.answer())))
                            .as(task.info().id())
                            .isEqualTo(drawn.answers()[0]);
                    assertThat(prompts.answer(Prompt.parse(pair.foil()))).isEqualTo(drawn.corruptAnswers()[0]);
                    return true;
                });
            }
        }
    }

    @Test
    void wordThatAloneWouldBeAnotherTokenIsGivenAsItsId() {
        try (OpenModel model = OpenModel.load(folder.resolve("stand-in"))) {
            TaskGenerator years = TaskRegistry.require("greater-than");

            assertThat(TaskPair.draw(model, BosPolicy.AUTO, years, 0).answer()).matches("ids:\\d+");
            assertThat(TaskPair.draw(model, BosPolicy.AUTO, TaskRegistry.require("ioi"), 0)
                            .answer())
                    .matches(" [A-Z][a-z]+");
        }
    }

    @Test
    void modelThatCannotBeAskedIsRefusedInWords() {
        TaskGenerator task = TaskRegistry.require("ioi");
        try (OpenModel induction = OpenModel.load(folder.resolve("induction"));
                OpenModel idsOnly = new OpenModel(InductionModel.create())) {
            assertThatThrownBy(() -> TaskPair.draw(induction, BosPolicy.AUTO, task, 0))
                    .isInstanceOf(TaskException.class)
                    .hasMessageContaining("names are single tokens");
            assertThatThrownBy(() -> TaskPair.draw(idsOnly, BosPolicy.AUTO, task, 0))
                    .isInstanceOf(TaskException.class)
                    .hasMessageContaining("token ids only");
        }
    }

    private static int[] ids(SessionPrompts prompts, String typed) {
        List<Integer> ids = prompts.encode("prompt", Prompt.parse(typed)).ids();
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }
}
