package org.headscope.app.cli;

import com.google.auto.service.AutoService;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.TaskScore;
import org.headscope.analysis.task.WilsonInterval;
import org.headscope.analysis.train.Verification;
import org.headscope.app.model.ModelCatalog;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.ModelLoader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headscope verify}: whether a model does what the bundled one has to do. */
@AutoService(CliCommand.class)
@Command(
        name = "verify",
        description = "Ask a model held-out examples of every task and compare with the goals of the bundled model."
                + " Exit code 1 when a goal is missed.")
public final class VerifyCommand implements CliCommand {
    private static final String BUNDLED = "bundled";

    @Mixin
    private SessionOptions options = new SessionOptions();

    @Mixin
    private CliOutput output = new CliOutput();

    @Parameters(
            arity = "0..1",
            paramLabel = "<model>",
            defaultValue = BUNDLED,
            description = "A shipped model by name, a folder or weights file, or " + BUNDLED
                    + " for the one that opens when none is named. Default: ${DEFAULT-VALUE}.")
    private String model = BUNDLED;

    @Option(
            names = {"-n", "--examples"},
            paramLabel = "<count>",
            defaultValue = "500",
            description = "Examples per task. Default: 500.")
    private int count;

    /** What is printed with {@code --json}. */
    record Report(
            String model,
            String hash,
            String split,
            int examples,
            long seed,
            String bosPolicy,
            String mask,
            boolean passed,
            List<Line> tasks) {}

    /** One task; the score is missing when the model cannot be asked, the goal when there is none. */
    record Line(String task, @Nullable Score score, @Nullable Double goal, boolean missed, String refusal) {}

    /** How well it was done, with the ends of the 95 % interval. */
    record Score(int right, double accuracy, double lower, double upper, double loss) {
        static Score of(TaskScore score) {
            WilsonInterval interval = WilsonInterval.of(score.right(), score.examples());
            return new Score(score.right(), score.accuracy(), interval.lower(), interval.upper(), score.loss());
        }
    }

    @Override
    public Integer call() {
        if (count < 1) {
            throw output.wrongUse("-n takes a number of examples, at least 1, not " + count + ".");
        }
        String name = model.equals(BUNDLED) ? ModelCatalog.DEFAULT : model;
        try (HookedTransformer loaded = ModelLoader.load(ModelCatalog.standard().resolve(name))) {
            Session session = options.session(loaded, output);
            Report report = report(session, ask(session));
            output.print(report, out -> print(report, out));
            return report.passed ? 0 : 1;
        }
    }

    private List<Verification.Row> ask(Session session) {
        TaskEncoder encoder = TaskEncoder.of(session.model(), session.bos());
        TaskExam exam = new TaskExam(session.model(), session.mask().interventions());
        try (CliProgress progress = new CliProgress(output.progress("Asking"))) {
            return new Verification(encoder, exam, count, session.seed()).run(progress);
        }
    }

    private Report report(Session session, List<Verification.Row> rows) {
        return new Report(
                session.model().identity().name(),
                session.model().identity().hash(),
                Split.HELD_OUT.word(),
                count,
                session.seed(),
                session.bos().name().toLowerCase(Locale.ROOT),
                session.mask().label(),
                rows.stream().noneMatch(Verification.Row::missed),
                rows.stream().map(VerifyCommand::line).toList());
    }

    private static Line line(Verification.Row row) {
        TaskScore score = row.score();
        return new Line(
                row.task().id(),
                score == null ? null : Score.of(score),
                row.goal().isPresent() ? row.goal().getAsDouble() : null,
                row.missed(),
                row.refusal());
    }

    private static void print(Report report, PrintWriter out) {
        out.println("model " + report.model + " · hash " + report.hash);
        out.println(report.split + " examples, " + report.examples + " per task · seed " + report.seed + " · BOS "
                + report.bosPolicy + " · mask " + report.mask);
        out.println("task             right      accuracy  95 % interval     goal  loss");
        report.tasks.forEach(line -> out.println(text(line, report.examples)));
        List<Line> missed = report.tasks.stream().filter(Line::missed).toList();
        long goals = report.tasks.stream().filter(line -> line.goal != null).count();
        out.println(
                missed.isEmpty()
                        ? "All " + goals + " goals are reached."
                        : missed.size() + " of " + goals + " goals are missed: "
                                + missed.stream().map(Line::task).collect(Collectors.joining(", ")) + ".");
    }

    private static String text(Line line, int examples) {
        Score score = line.score;
        if (score == null) {
            return "%-16s cannot be asked: %s".formatted(line.task, line.refusal);
        }
        return String.format(
                Locale.ROOT,
                "%-16s %-10s %6.1f %%  %5.1f to %5.1f %%  %5s  %.4f%s",
                line.task,
                score.right + "/" + examples,
                100 * score.accuracy,
                100 * score.lower,
                100 * score.upper,
                line.goal == null ? "none" : "%.0f %%".formatted(100 * line.goal),
                score.loss,
                line.missed ? "  missed" : "");
    }
}
