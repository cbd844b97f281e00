package org.headscope.app.lesson;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.headscope.analysis.spi.Prompt;
import org.headscope.app.workbench.LiveRun;
import org.headscope.hooks.HeadscopeException;

/**
 * Goes through a lesson as its best and its worst pupil: every step runs, every question is solved by its solution and
 * refuses a wrong answer.
 */
public final class LessonProof {
    private final LessonLab lab;

    /** @param lab computes */
    public LessonProof(LessonLab lab) {
        this.lab = lab;
    }

    /**
     * What was found out about a step.
     *
     * @param step counted from 1
     * @param passed whether it works
     * @param found what was found
     */
    public record Line(int step, boolean passed, String found) {}

    /** {@return a line per step at least} */
    public List<Line> of(Lesson lesson) {
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < lesson.steps().size(); i++) {
            int number = i + 1;
            Step step = lesson.steps().get(i);
            try {
                run(step);
                lines.addAll(
                        step.question() == null
                                ? List.of(new Line(number, true, "runs"))
                                : ask(number, new QuestionCheck(lab, step)));
            } catch (HeadscopeException e) {
                lines.add(new Line(number, false, String.valueOf(e.getMessage())));
            }
        }
        return lines;
    }

    private void run(Step step) {
        lab.mask(step.mask());
        if (step.head() != null) {
            lab.mask(List.of(step.head()));
        }
        if (step.prompt() != null) {
            LiveRun.of(lab.model(), Prompt.parse(step.prompt()), LessonLab.BOS).close();
        }
        if (step.computation() != null) {
            lab.result(step.computation());
            step.panels().forEach(title -> lab.panel(Objects.requireNonNull(step.computation()), title));
        }
    }

    private static List<Line> ask(int number, QuestionCheck check) {
        List<Line> lines = new ArrayList<>();
        Verdict solved = check.check(check.solve());
        lines.add(new Line(
                number,
                solved.right(),
                solved.right() ? "solved: " + solved.found() : "NOT solved: " + solved.found()));
        for (Answer wrong : check.wrong()) {
            Verdict refused = check.check(wrong);
            lines.add(new Line(
                    number, !refused.right(), (refused.right() ? "NOT refused: " : "refused: ") + refused.found()));
        }
        return lines;
    }
}
