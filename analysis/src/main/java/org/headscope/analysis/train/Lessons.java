package org.headscope.analysis.train;

import java.util.concurrent.CompletableFuture;
import org.headscope.hooks.train.NextTokenLoss.Lesson;

/** The lessons of a plan in their order; the next one is made while the model learns from this one. */
final class Lessons implements AutoCloseable {
    private final Corpus corpus;
    private final Plan plan;
    private CompletableFuture<Lesson> next;

    Lessons(Corpus corpus, Plan plan, long firstStep) {
        this.corpus = corpus;
        this.plan = plan;
        this.next = prepare(firstStep);
    }

    /** The lesson of a step, each one more than the last. */
    Lesson take(long step) {
        Lesson lesson = next.join();
        next = prepare(step + 1);
        return lesson;
    }

    private CompletableFuture<Lesson> prepare(long step) {
        if (step >= plan.steps()) {
            return CompletableFuture.failedFuture(new IllegalStateException("The plan ends before step " + step));
        }
        return CompletableFuture.supplyAsync(() -> corpus.lesson(step, plan.rows(step), plan.rowLength(step)));
    }

    /** Waits for the lesson that nobody will take: whoever makes it still reads the tokenizer. */
    @Override
    public void close() {
        next.handle((lesson, error) -> lesson).join();
    }
}
