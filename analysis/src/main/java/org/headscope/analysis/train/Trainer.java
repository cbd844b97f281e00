package org.headscope.analysis.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.headscope.analysis.spi.CancelledException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskExam;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.tokens.BosPolicy;
import org.headscope.hooks.tokens.TextTokenizer;
import org.headscope.hooks.train.AdamW;
import org.headscope.hooks.train.NextTokenLoss;
import org.headscope.hooks.train.RandomStart;
import org.headscope.hooks.train.TrainableModel;

/**
 * Trains a model on the generated text of all tasks in {@link TaskRegistry}, so that it is known what the model can have
 * learned and which examples it has never seen. Adam with decoupled weight decay (Loshchilov and Hutter, arXiv 1711.05101)
 * minimises the weighted cross-entropy of the next token.
 *
 * <pre>{@code
 * new Trainer(Recipe.bundled(), Plan.standard(), folder).run(progress);
 * HookedTransformer model = ModelLoader.load(folder);
 * }</pre>
 *
 * <p>The folder gets
 *
 * <ul>
 *   <li>{@code config.json}, {@code tokenizer.json} and {@code tokenizer_config.json} at once;
 *   <li>{@code loss.csv}: for every step the tokens per row, the loss (nats per unit of weight), the length of the gradient
 *       before clipping, the learning rate, and the seconds trained so far;
 *   <li>{@code accuracy.csv}: after every so many steps, and at the end, the share of held-out examples of each task that
 *       the model answers rightly, 0 to 1;
 *   <li>{@code state.safetensors}: what the training goes on from, replaced every so many steps. It is three times as large
 *       as the model and can be deleted after the last step;
 *   <li>{@code model.safetensors} after the last step. The folder is then a checkpoint like any other.
 * </ul>
 *
 * <p>After each exam the progress gets both tables as curves, to be shown or drawn.
 *
 * <p>A training that was stopped, by its {@link Progress} or by a failure of the machine, goes on from its last saved state
 * when it is run again in the same folder. With the same recipe and plan, the same version of Headscope and the same
 * machine it ends with the same weights, bit for bit, as if it had never stopped. One training at a time may use a folder.
 */
public final class Trainer {
    private static final AdamW.Settings OPTIMIZER = new AdamW.Settings(0.9, 0.98, 1e-8, 0.1, 1);
    private static final double START_WIDTH = 0.04;
    /** Exams of a training are small; their examples are not those of the final one. */
    private static final long EXAM_SEED = 77;

    private final Recipe recipe;
    private final Plan plan;
    private final Rhythm rhythm;
    private final Path folder;

    /**
     * What happens besides the steps, and how often.
     *
     * @param saveEvery steps from one saved state to the next, at least 1; so many are lost when the machine fails
     * @param examEvery steps from one exam to the next, at least 1; there is one more at the end
     * @param examples held-out examples of each task in an exam, at least 1
     */
    public record Rhythm(int saveEvery, int examEvery, int examples) {
        /** Refuses what is not positive. */
        public Rhythm {
            if (saveEvery < 1 || examEvery < 1 || examples < 1) {
                throw new HeadscopeException("A training needs at least 1 step between saved states, 1 step between"
                        + " exams and 1 example, not " + saveEvery + ", " + examEvery + " and " + examples + ".");
            }
        }

        /** {@return the rhythm of a training of some hours} */
        public static Rhythm usual() {
            return new Rhythm(200, 500, 50);
        }
    }

    /**
     * A training in the usual rhythm.
     *
     * @param recipe what to train
     * @param plan how
     * @param folder gets the model, the state to go on from and the log; made when it is not there
     */
    public Trainer(Recipe recipe, Plan plan, Path folder) {
        this(recipe, plan, Rhythm.usual(), folder);
    }

    /**
     * A training.
     *
     * @param recipe what to train
     * @param plan how
     * @param rhythm when to save and to examine
     * @param folder gets the model, the state to go on from and the log; made when it is not there
     */
    public Trainer(Recipe recipe, Plan plan, Rhythm rhythm, Path folder) {
        this.recipe = recipe;
        this.plan = plan;
        this.rhythm = rhythm;
        this.folder = folder;
    }

    private record Learner(TrainableModel model, AdamW optimizer, TrainingState state) {
        void save() {
            state.save(model, optimizer);
        }
    }

    /**
     * Trains to the end of the plan, from the beginning or from where it was left.
     *
     * @param progress told after every step; when it cancels, the state is saved first
     * @throws CancelledException when the progress cancels
     * @throws HeadscopeException when the folder holds another model or cannot be written, the saved state cannot be
     *     read, or the gradient is no longer a number
     */
    public void run(Progress progress) {
        ObjectNode config = recipe.prepare(folder);
        RandomStart start = new RandomStart(new SplittableRandom(plan.seed()), START_WIDTH, recipe.layers());
        try (TextTokenizer tokenizer = TextTokenizer.load(folder);
                TrainableModel model = TrainableModel.of(config, start);
                AdamW optimizer =
                        new AdamW(model.parameters(), OPTIMIZER, model.model().newManager())) {
            Learner learner = new Learner(model, optimizer, new TrainingState(folder));
            learner.state.restore(model, optimizer);
            try {
                loop(learner, tokenizer, progress);
            } catch (CancelledException e) {
                learner.save();
                throw e;
            }
            learner.save();
            model.save(folder.resolve("model.safetensors"));
        }
    }

    private void loop(Learner learner, TextTokenizer tokenizer, Progress progress) {
        AdamW optimizer = learner.optimizer;
        NextTokenLoss loss = new NextTokenLoss(learner.model);
        TrainingLog log = TrainingLog.open(folder, optimizer.steps());
        Map<String, List<EncodedExample>> exams = exams(tokenizer);
        try (Lessons lessons = new Lessons(new Corpus(tokenizer, plan), plan, optimizer.steps())) {
            while (optimizer.steps() < plan.steps()) {
                progress.checkCancelled();
                long step = optimizer.steps();
                double nats = loss.learn(lessons.take(step));
                double norm = optimizer.step(plan.rate(step));
                log.step(new TrainingLog.Step(step + 1, plan.rowLength(step), nats, norm, plan.rate(step)));
                afterStep(learner, exams, log, progress);
                progress.report(step + 1, plan.steps(), String.format(Locale.ROOT, "loss %.3f", nats));
            }
        }
    }

    /** The exam comes first, so that a saved state never lacks one. */
    private void afterStep(
            Learner learner, Map<String, List<EncodedExample>> exams, TrainingLog log, Progress progress) {
        long made = learner.optimizer.steps();
        if (made % rhythm.examEvery == 0 || made == plan.steps()) {
            log.exam(made, examine(learner.model, exams));
            log.curves().forEach(progress::partial);
        }
        if (made % rhythm.saveEvery == 0) {
            learner.save();
        }
    }

    private Map<String, List<EncodedExample>> exams(TextTokenizer tokenizer) {
        TaskEncoder encoder = new TaskEncoder(tokenizer, BosPolicy.AUTO);
        Map<String, List<EncodedExample>> exams = new LinkedHashMap<>();
        for (TaskGenerator task : TaskRegistry.all()) {
            exams.put(task.info().id(), encoder.draw(task, Split.HELD_OUT, rhythm.examples, EXAM_SEED));
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
