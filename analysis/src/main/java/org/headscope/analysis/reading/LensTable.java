package org.headscope.analysis.reading;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.headscope.analysis.metric.LogProbabilities;
import org.headscope.analysis.prompt.EncodedPrompt;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.spi.AnalysisContext;
import org.headscope.analysis.spi.Progress;
import org.headscope.analysis.spi.Prompt;
import org.headscope.hooks.train.StreamTranslator;
import org.jspecify.annotations.Nullable;

/**
 * What a lens reads in every residual stream at every position of a prompt.
 *
 * @param rows name of every stream: the number of the block that it enters, {@code final} for the last
 * @param tokens the tokens of the prompt
 * @param cells row by row, within a row position by position
 * @param receipts what the standing interventions did
 */
public record LensTable(List<String> rows, List<String> tokens, List<Cell> cells, List<ReceiptSummary> receipts) {
    private static final int LISTED = 5;

    /** Copies the lists. */
    public LensTable {
        rows = List.copyOf(rows);
        tokens = List.copyOf(tokens);
        cells = List.copyOf(cells);
        receipts = List.copyOf(receipts);
    }

    /**
     * One of the likeliest tokens.
     *
     * @param id token id
     * @param text the token as it is shown
     * @param probability its probability, 0 to 1
     */
    public record Said(int id, String text, double probability) {}

    /**
     * What is read in one stream at one position.
     *
     * @param likeliest the five likeliest tokens, likeliest first
     * @param entropy in nats
     * @param divergence {@code KL(model || lens)} in nats
     * @param target the token that is looked for: the one given, or what the model itself says at this position
     * @param rank place of the target, 1 for the likeliest
     */
    public record Cell(List<Said> likeliest, double entropy, double divergence, Said target, int rank) {
        /** Copies the list. */
        public Cell {
            likeliest = List.copyOf(likeliest);
        }
    }

    /**
     * Reads a prompt.
     *
     * @param context the model and what holds during the run
     * @param given the prompt
     * @param answer token to look for everywhere, or null for the model's own prediction at each position
     * @param lens a tuned lens, or null for the logit lens
     * @param progress is told how far it is, may ask to stop
     * @return what is read
     * @throws org.headscope.hooks.HeadscopeException when the model has no such lens or the prompt does not fit it
     */
    public static LensTable read(
            AnalysisContext context,
            Prompt given,
            @Nullable Prompt answer,
            @Nullable TrainedLens lens,
            Progress progress) {
        LogitLens.refuse(context.model(), "The lens");
        Integer target = answer == null ? null : LogitLens.token(context, answer);
        EncodedPrompt prompt = EncodedPrompt.of(context, "prompt", given);
        return lens == null
                ? read(context, prompt, target, List.of(), progress)
                : lens.reading(translators -> read(context, prompt, target, translators, progress));
    }

    private static LensTable read(
            AnalysisContext context,
            EncodedPrompt prompt,
            @Nullable Integer target,
            List<StreamTranslator> translators,
            Progress progress) {
        try (LensRun run = LensRun.translated(context, prompt, translators)) {
            Cell[] cells = new Cell[run.rows() * prompt.length()];
            for (int from = 0; from < prompt.length(); from += run.step()) {
                progress.report(from, prompt.length(), "positions");
                int to = Math.min(prompt.length(), from + run.step());
                new Stretch(run, from, to, target, context.prompts()::show).into(cells, prompt.length(), progress);
            }
            return new LensTable(
                    rows(run.rows()),
                    prompt.labels(),
                    List.of(cells),
                    run.receipts().stream().map(ReceiptSummary::of).toList());
        }
    }

    private static List<String> rows(int count) {
        return Stream.concat(IntStream.range(0, count - 1).mapToObj(String::valueOf), Stream.of(LogitLens.FINAL))
                .toList();
    }

    /** Neighbouring positions that are read together. */
    private record Stretch(LensRun run, int from, int to, @Nullable Integer target, IntFunction<String> show) {
        void into(Cell[] cells, int length, Progress progress) {
            double[][] said = run.said(from, to);
            for (int row = 0; row < run.rows(); row++) {
                progress.checkCancelled();
                double[][] read = run.read(row, from, to);
                for (int p = 0; p < read.length; p++) {
                    int token = target == null ? LensGrids.likeliest(said[p]) : target;
                    cells[row * length + from + p] = cell(read[p], said[p], token);
                }
            }
        }

        private Cell cell(double[] read, double[] said, int token) {
            return new Cell(
                    IntStream.of(Predictions.top(read, LISTED))
                            .mapToObj(id -> said(read, id))
                            .toList(),
                    LogProbabilities.entropy(read),
                    LogProbabilities.divergence(said, read),
                    said(read, token),
                    LensGrids.rank(read, token));
        }

        private Said said(double[] read, int id) {
            return new Said(id, show.apply(id), Math.exp(read[id]));
        }
    }

    /**
     * A cell.
     *
     * @param row which stream
     * @param position which position
     * @return what is read there
     */
    public Cell at(int row, int position) {
        return cells.get(row * tokens.size() + position);
    }
}
