package org.headscope.analysis.train;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.headscope.analysis.result.Panel;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.TaskException;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.analysis.task.TaskInfo;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.analysis.task.TaskScore;
import org.jspecify.annotations.Nullable;

/**
 * Asks a model held-out examples of every task and compares with the goals of the bundled model.
 *
 * @param encoder of the model
 * @param exam asks the model
 * @param count examples per task
 * @param seed of the examples
 */
public record Verification(TaskEncoder encoder, TaskExam exam, int count, long seed) {
    /**
     * What came of one task.
     *
     * @param task which
     * @param score how well it was done; null when the model cannot be asked
     * @param refusal why it cannot be asked; empty when it was
     * @param goal accuracy to reach, 0 to 1; empty when the task has none
     */
    public record Row(TaskInfo task, @Nullable TaskScore score, String refusal, OptionalDouble goal) {
        /** {@return whether the task has a goal that was not reached} */
        public boolean missed() {
            return goal.isPresent() && (score == null || score.accuracy() < goal.getAsDouble());
        }
    }

    /**
     * Asks everything.
     *
     * @param progress told how many examples are done of all
     * @return a row per task
     */
    public List<Row> run(Progress progress) {
        List<Row> rows = new ArrayList<>();
        List<TaskGenerator> tasks = TaskRegistry.all();
        for (TaskGenerator task : tasks) {
            rows.add(ask(task, new Part(progress, (long) rows.size() * count, (long) tasks.size() * count)));
        }
        return rows;
    }

    private Row ask(TaskGenerator task, Progress progress) {
        TaskInfo info = task.info();
        OptionalDouble goal = Goals.of(info.id());
        progress.report(0, count, info.id());
        try {
            List<EncodedExample> examples = encoder.draw(task, Split.HELD_OUT, count, seed);
            return new Row(info, TaskExam.score(exam.ask(examples, progress)), "", goal);
        } catch (TaskException e) {
            return new Row(info, null, String.valueOf(e.getMessage()), goal);
        }
    }

    /** The progress of one task within that of all. */
    private record Part(Progress whole, long before, long total) implements Progress {
        @Override
        public void report(long done, long ofPart, String message) {
            whole.report(before + done, total, message);
        }

        @Override
        public boolean isCancelled() {
            return whole.isCancelled();
        }

        @Override
        public void partial(Panel panel) {
            whole.partial(panel);
        }
    }
}
