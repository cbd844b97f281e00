package org.headscope.analysis.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.tokens.BosPolicy;
import org.headscope.hooks.tokens.TextTokenizer;
import org.headscope.hooks.train.AdamW;
import org.headscope.hooks.train.NextTokenLoss;
import org.headscope.hooks.train.NextTokenLoss.Lesson;
import org.headscope.hooks.train.RandomStart;
import org.headscope.hooks.train.TrainableModel;

/** Trains a model on generated text. It can be stopped at any time and goes on from its last saved state. */
public final class Trainer {
    private static final AdamW.Settings OPTIMIZER = new AdamW.Settings(0.9, 0.98, 1e-8, 0.1, 1);
    private static final double START_WIDTH = 0.04;
    private static final int SAVE_EVERY = 200;
    private static final int EXAM_EVERY = 500;
    private static final int EXAMPLES = 50;
    /** Exams of a training are small; their examples are not those of the final one. */
    private static final long EXAM_SEED = 77;

    private final Recipe recipe;
    private final Plan plan;
    private final Path folder;

    /**
     * A training.
     *
     * @param recipe what to train
     * @param plan how
     * @param folder gets the model, the state to go on from and the log
     */
    public Trainer(Recipe recipe, Plan plan, Path folder) {
        this.recipe = recipe;
        this.plan = plan;
        this.folder = folder;
    }

    /**
     * Trains to the end of the plan, from the beginning or from where it was left.
     *
     * @param progress told after every step; when it cancels, the state is saved first
     */
    public void run(Progress progress) {
        ObjectNode config = recipe.write(folder);
        RandomStart start = new RandomStart(new SplittableRandom(plan.seed()), START_WIDTH, recipe.layers());
        try (TextTokenizer tokenizer = TextTokenizer.load(folder);
                TrainableModel model = TrainableModel.of(config, start);
                AdamW optimizer =
                        new AdamW(model.parameters(), OPTIMIZER, model.model().newManager())) {
            TrainingState state = new TrainingState(folder);
            state.restore(model, optimizer);
            TrainingLog log = TrainingLog.open(folder, optimizer.steps());
            try {
                loop(
                        new Learner(model, optimizer, new Corpus(tokenizer, plan), state),
                        exams(tokenizer),
                        log,
                        progress);
            } finally {
                state.save(model, optimizer);
            }
            model.save(folder.resolve("model.safetensors"));
            log.draw();
        }
    }

    private record Learner(TrainableModel model, AdamW optimizer, Corpus corpus, TrainingState state) {}

    private void loop(Learner learner, Map<String, List<EncodedExample>> exams, TrainingLog log, Progress progress) {
        NextTokenLoss loss = new NextTokenLoss(learner.model);
        CompletableFuture<Lesson> next = prepare(learner.corpus, learner.optimizer.steps());
        while (learner.optimizer.steps() < plan.steps()) {
            progress.checkCancelled();
            long step = learner.optimizer.steps();
            Lesson lesson = next.join();
            next = prepare(learner.corpus, step + 1);
            double nats = loss.learn(lesson);
            double norm = learner.optimizer.step(plan.rate(step));
            log.step(new TrainingLog.Step(step + 1, plan.rowLength(step), nats, norm, plan.rate(step)));
            progress.report(step + 1, plan.steps(), "loss %.3f".formatted(nats));
            if ((step + 1) % SAVE_EVERY == 0) {
                learner.state.save(learner.model, learner.optimizer);
            }
            if ((step + 1) % EXAM_EVERY == 0 || step + 1 == plan.steps()) {
                log.exam(step + 1, examine(learner.model, exams));
                log.draw();
            }
        }
    }

    private CompletableFuture<Lesson> prepare(Corpus corpus, long step) {
        return CompletableFuture.supplyAsync(() -> corpus.lesson(step, plan.rows(step), plan.rowLength(step)));
    }

    private static Map<String, List<EncodedExample>> exams(TextTokenizer tokenizer) {
        TaskEncoder encoder = new TaskEncoder(tokenizer, BosPolicy.AUTO);
        Map<String, List<EncodedExample>> exams = new LinkedHashMap<>();
        for (TaskGenerator task : TaskRegistry.all()) {
            exams.put(task.info().id(), encoder.draw(task, Split.HELD_OUT, EXAMPLES, EXAM_SEED));
        }
        return exams;
    }

    private static Map<String, Double> examine(TrainableModel model, Map<String, List<EncodedExample>> exams) {
        TaskExam exam = new TaskExam(model.model(), List.of());
        Map<String, Double> accuracy = new LinkedHashMap<>();
        exams.forEach((task, examples) -> accuracy.put(
                task, TaskExam.score(exam.ask(examples, Progress.none())).accuracy()));
        return accuracy;
    }
}
