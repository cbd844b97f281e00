package org.headscope.analysis.task;

/**
 * How well a model does a task.
 *
 * @param examples how many were asked
 * @param right how many times the most likely next token was a right answer
 * @param loss mean of minus the log of the probability of all right answers together, in nats
 */
public record TaskScore(int examples, int right, double loss) {
    /** {@return share of right answers, 0 to 1} */
    public double accuracy() {
        return (double) right / examples;
    }
}
