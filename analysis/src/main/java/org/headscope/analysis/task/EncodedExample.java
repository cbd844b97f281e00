package org.headscope.analysis.task;

/**
 * An example as one model sees it. Compared by identity.
 *
 * @param example the texts
 * @param clean token ids of the clean prompt {@code [pos]}
 * @param corrupt token ids of the corrupt prompt, as many
 * @param answers token ids of the right answers
 * @param corruptAnswers token ids of the right answers of the corrupt prompt
 */
@SuppressWarnings("ArrayRecordComponent") // handed on as they are to the model, never compared
public record EncodedExample(TaskExample example, int[] clean, int[] corrupt, int[] answers, int[] corruptAnswers) {
    /** {@return the number of tokens of either prompt} */
    public int length() {
        return clean.length;
    }

    /**
     * Insists that a model can read the prompt.
     *
     * @param context the most tokens it can read
     * @throws TaskException when the prompt is longer
     */
    public void requireFits(int context) {
        if (length() > context) {
            throw new TaskException("This task has examples of " + length() + " tokens, but the model's context is "
                    + context + ". Choose another task, or a model with a longer context.");
        }
    }

    /**
     * Whether a token answers the clean prompt.
     *
     * @param token its id
     * @return whether it is right
     */
    public boolean isRight(int token) {
        for (int answer : answers) {
            if (answer == token) {
                return true;
            }
        }
        return false;
    }

    /**
     * How likely the right answers of the clean prompt are, together.
     *
     * @param logProbabilities of next tokens, in nats
     * @param from where the numbers of this example begin
     * @return log of the summed probability; exact also where the probability itself would round to zero
     */
    public double logOfRight(float[] logProbabilities, int from) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int token : answers) {
            largest = Math.max(largest, logProbabilities[from + token]);
        }
        double sum = 0;
        for (int token : answers) {
            sum += Math.exp(logProbabilities[from + token] - largest);
        }
        return largest + Math.log(sum);
    }
}
