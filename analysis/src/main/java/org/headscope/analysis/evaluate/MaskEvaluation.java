package org.headscope.analysis.evaluate;

import com.google.auto.service.AutoService;
import java.util.List;
import org.headscope.analysis.result.Findings;
import org.headscope.analysis.spi.Analysis;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.AnalysisInfo;
import org.headscope.analysis.spi.Param;
import org.headscope.analysis.spi.ParameterException;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.task.Split;
import org.headscope.hooks.HeadscopeException;
import org.jspecify.annotations.Nullable;

/** What the active mask costs, on a text and on tasks, next to what random masks like it cost. */
@AutoService(Analysis.class)
@SuppressWarnings("rawtypes")
public final class MaskEvaluation implements Analysis<MaskEvaluation.Parameters, Findings> {
    /** Id of the analysis. */
    public static final String ID = "mask-evaluation";
    /** Title of the table of losses on the text. */
    public static final String LOSS = "Loss on the text";
    /** Title of the losses of single tokens. */
    public static final String TOKENS = "Loss of each token";
    /** Title of the table of tasks. */
    public static final String ACCURACY = "Accuracy on tasks";
    /** Title of the table that sets the mask against the random ones. */
    public static final String CHANCE = "Against chance";
    /** Stands for every task that the tokenizer has the words for. */
    public static final String EVERY_TASK = "all";

    /**
     * Parameters.
     *
     * @param text what is read
     * @param file what is read instead
     * @param length tokens of each piece
     * @param pieces how many pieces at most
     * @param tasks ids of tasks, or {@value #EVERY_TASK}
     * @param split from which part examples are drawn
     * @param count how many examples of each task
     * @param controls number of random masks
     */
    public record Parameters(
            @Param(label = "Text", help = "Text whose tokens are predicted.") @Nullable Prompt text,
            @Param(label = "File", help = "A UTF-8 text file to read instead of a text.") @Nullable String file,
            @Param(
                            label = "Length",
                            unit = "tokens",
                            min = 2,
                            defaultValue = "128",
                            help = "A long text is read in pieces of this length, or of the model's context.")
                    int length,
            @Param(label = "Pieces", min = 1, defaultValue = "50", help = "How many pieces are read at most.")
                    int pieces,
            @Param(
                            label = "Tasks",
                            defaultValue = "",
                            help = "Ids of tasks, separated by commas, or all for every task this tokenizer has the"
                                    + " words for.")
                    List<String> tasks,
            @Param(label = "Examples from", defaultValue = "held-out", help = "Which part the examples come from.")
                    Split split,
            @Param(label = "Examples", min = 1, max = 100_000, defaultValue = "100", help = "Examples of each task.")
                    int count,
            @Param(
                            label = "Controls",
                            min = 0,
                            max = 1000,
                            defaultValue = "3",
                            help = "Random masks with as many heads in every layer; their seeds follow the run's.")
                    int controls) {
        /** Copies the list. */
        public Parameters {
            tasks = List.copyOf(tasks);
        }
    }

    @Override
    public AnalysisInfo info() {
        return AnalysisInfo.of(ID, "Evaluate the mask", AnalysisInfo.Area.PRUNE)
                .measures("What the active mask does to the loss on a text and to the accuracy on tasks, next to random"
                        + " masks of the same number of heads in every layer.")
                .formula("loss = mean of -log p(token | tokens before it), perplexity = exp(loss); accuracy = share of"
                        + " examples whose likeliest next token is a right answer;"
                        + " p = (1 + number of random masks at least as harmful) / (1 + number of random masks)")
                .source("Michel et al. 1905.10650 (accuracy without heads); North et al. 2002 (p-value);"
                        + " Wilson 1927, J. Am. Stat. Assoc. 22 (interval)")
                .exactness(
                        AnalysisInfo.Exactness.EXACT,
                        "Random masks are named by their seeds. They share no head with the mask unless more than half of a layer is masked; what is"
                                + " masked besides heads stays masked in them. With n of them p is at least 1 / (n + 1).")
                .cost("One forward per piece and per example, for the model, the mask and each random mask.")
                .build();
    }

    @Override
    public Class<Parameters> parameters() {
        return Parameters.class;
    }

    @Override
    public Findings run(AnalysisContext context, Parameters parameters, Progress progress) {
        if (!context.model().config().attention().causal()) {
            throw new HeadscopeException("This model sees later tokens, so it has no next token to be judged by."
                    + " Open a model that reads from left to right.");
        }
        Prompt text = text(parameters);
        if (text == null && parameters.tasks().isEmpty()) {
            throw ParameterException.refused("text", "", "a text, a file with --file, or tasks with --tasks");
        }
        Examination examination =
                new Examination(context, Candidate.of(context, parameters.controls()), parameters, progress);
        if (text != null) {
            examination.read(TextLoss.of(context, text, parameters.length(), parameters.pieces()));
        }
        examination.askTasks();
        return examination.findings();
    }

    private static @Nullable Prompt text(Parameters parameters) {
        String file = parameters.file();
        if (file == null || file.isBlank()) {
            return parameters.text();
        }
        if (parameters.text() != null) {
            throw ParameterException.refused("file", file, "either a text or a file, not both");
        }
        return TextLoss.read(file);
    }
}
