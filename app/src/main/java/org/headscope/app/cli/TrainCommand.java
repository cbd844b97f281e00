package org.headscope.app.cli;

import com.google.auto.service.AutoService;
import java.nio.file.Path;
import java.util.Optional;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.train.Plan;
import org.headscope.analysis.train.Recipe;
import org.headscope.analysis.train.Trainer;
import org.headscope.analysis.train.TrainingCurves;
import org.headscope.analysis.train.TrainingFolder;
import org.headscope.app.job.StopSignal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code headscope train}: makes the bundled model anew, from nothing but a seed. */
@AutoService(CliCommand.class)
@Command(
        name = "train",
        description = "Train the bundled model anew. Ctrl-C stops after the current step; the same command goes on.")
public final class TrainCommand implements CliCommand {
    @Mixin
    private CliOutput output = new CliOutput();

    @Option(
            names = "--out",
            paramLabel = "<folder>",
            defaultValue = "headscope-training",
            description = "A new or empty folder, or that of an earlier training. Default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("headscope-training");

    @Option(names = "--steps", paramLabel = "<count>", description = "Number of steps. Default: the standard plan.")
    private @Nullable Long steps;

    @Option(names = "--seed", paramLabel = "<seed>", description = "Seed of all chance. Default: the standard plan.")
    private @Nullable Long seed;

    /** What is printed with {@code --json}; the steps are those of the plan. */
    record Trained(long steps, boolean finished, Path weights, Path state, Path log, Path accuracy) {}

    @Override
    public Integer call() {
        TrainingFolder folder = new TrainingFolder(out);
        Plan plan = plan(folder.plan());
        folder.claim(plan);
        output.note("State " + folder.state() + ", log " + folder.losses() + ", pictures "
                + folder.picture(TrainingCurves.LOSS) + " and " + folder.picture(TrainingCurves.ACCURACY) + ".");
        output.note(plan.steps() + " steps, seed " + plan.seed()
                + ". Ctrl-C stops after the current step and keeps the state; the same command goes on from it.");
        return train(folder, plan);
    }

    /** An earlier training goes on as it began, unless something else was asked for, which the folder then refuses. */
    private Plan plan(Optional<Plan> begun) {
        Plan usual = begun.orElse(Plan.standard());
        if (steps != null && steps < 1) {
            throw output.wrongUse("--steps takes a number of at least 1, not " + steps + ".");
        }
        return new Plan(
                steps == null ? usual.steps() : steps,
                usual.tokens(),
                usual.peak(),
                seed == null ? usual.seed() : seed);
    }

    private int train(TrainingFolder folder, Plan plan) {
        try (StopSignal signal = StopSignal.listen();
                TrainProgress progress = new TrainProgress(output, signal.token(), folder)) {
            signal.token().onCancel(() -> output.note("Stopping after the current step."));
            boolean finished = run(folder, plan, progress);
            Trained trained = new Trained(
                    plan.steps(), finished, folder.weights(), folder.state(), folder.losses(), folder.exams());
            output.print(
                    trained,
                    text -> text.println(
                            finished
                                    ? "Trained " + plan.steps() + " steps. `headscope verify " + folder.path()
                                            + "` says what was learned."
                                    : "Stopped; the state is saved. The same command goes on from it."));
            return finished ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
        }
    }

    private static boolean run(TrainingFolder folder, Plan plan, TrainProgress progress) {
        try {
            new Trainer(Recipe.bundled(), plan, folder.path()).run(progress);
            return true;
        } catch (CancelledException e) { // on request, with the state saved
            return false;
        }
    }
}
