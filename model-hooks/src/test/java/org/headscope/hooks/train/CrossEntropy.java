package org.headscope.hooks.train;

import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.forward.TokenBatch;
import org.headscope.hooks.testing.Acts;
import org.headscope.hooks.train.NextTokenLoss.Lesson;

/**
 * The loss of a lesson in double precision, from the logits of a plain run.
 *
 * @param model the model
 */
record CrossEntropy(HookedTransformer model) {
    double of(Lesson lesson) {
        Acts logits = Acts.logits(model, TokenBatch.of(lesson.ids()));
        double sum = 0;
        double weights = 0;
        for (int row = 0; row < lesson.ids().length; row++) {
            for (int p = 1; p < lesson.ids()[row].length; p++) {
                double weight = lesson.weights()[row][p];
                sum += weight * surprise(logits, row, p - 1, lesson.ids()[row][p]);
                weights += weight;
            }
        }
        return sum / weights;
    }

    private static double surprise(Acts logits, int row, int position, int token) {
        double total = 0;
        for (int v = 0; v < TinyStart.VOCAB; v++) {
            total += Math.exp(logits.get(row, position, v));
        }
        return Math.log(total) - logits.get(row, position, token);
    }
}
