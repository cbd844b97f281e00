package org.headscope.analysis.task;

import java.util.random.RandomGenerator;

/**
 * Sums and differences of small numbers. The corrupt prompt changes the second number. A held-out pair of numbers is held
 * out from sums in both orders and from both differences that undo the sum.
 */
public final class Arithmetic implements TaskGenerator {
    private static final int LARGEST = 49;

    private final boolean add;

    private Arithmetic(boolean add) {
        this.add = add;
    }

    /** {@return sums} */
    public static Arithmetic addition() {
        return new Arithmetic(true);
    }

    /** {@return differences that are not negative} */
    public static Arithmetic subtraction() {
        return new Arithmetic(false);
    }

    @Override
    public TaskInfo info() {
        return new TaskInfo(
                add ? "addition" : "subtraction",
                add ? "Addition" : "Subtraction",
                add ? "Add two numbers up to " + LARGEST + "." : "Take one number from another.",
                "Zhang et al. 2024, arXiv 2409.01659 (as arithmetic calculation)");
    }

    @Override
    public TaskExample propose(Words words, RandomGenerator random) {
        words.numbers(2 * LARGEST + 1);
        int a = random.nextInt(LARGEST + 1);
        int b = random.nextInt(LARGEST + 1);
        int other = random.nextInt(LARGEST + 1);
        if (other == b) {
            other = (b + 1) % (LARGEST + 1);
        }
        String role = "sum " + Math.min(a, b) + " " + Math.max(a, b);
        if (add) {
            return example(role, a + " + " + b, a + " + " + other, a + b, a + other);
        }
        // a + b - b = a; the corrupt prompt takes a away instead, or one less.
        int taken = a == b ? Math.max(0, a - 1) : a;
        int sum = a + b;
        return a == 0 && b == 0
                ? example(role, "0 - 0", "1 - 0", 0, 1)
                : example(role, sum + " - " + b, sum + " - " + taken, a, sum - taken);
    }

    private static TaskExample example(String role, String clean, String corrupt, int answer, int corruptAnswer) {
        return TaskExample.of(
                        role,
                        "Compute: " + clean + " =",
                        "Compute: " + corrupt + " =",
                        " " + answer,
                        " " + corruptAnswer)
                .inForm("Compute: .. =");
    }
}
