package org.headscope.app.lesson;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.headscope.analysis.mask.HeadMask;
import org.headscope.analysis.mask.MaskUnit;
import org.headscope.analysis.result.GridPanel;
import org.headscope.app.control.color.Ticks;
import org.headscope.app.live.Prediction.Candidate;
import org.headscope.app.text.Messages;
import org.headscope.hooks.HeadscopeException;
import org.jspecify.annotations.Nullable;

/** Checks answers and finds the right ones, by computing. Takes its time, so it belongs into a job. */
public final class QuestionCheck {
    private final LessonLab lab;
    private final Step step;

    /**
     * @param lab computes
     * @param step asks
     */
    public QuestionCheck(LessonLab lab, Step step) {
        this.lab = lab;
        this.step = step;
    }

    /**
     * Checks an answer.
     *
     * @param answer of the kind that the question asks for
     * @return whether it is right, and what was found
     * @throws HeadscopeException when the question cannot be computed
     */
    public Verdict check(Answer answer) {
        Question question = question();
        if (question instanceof Question.Extreme extreme) {
            return cell(extreme, ((Answer.Cell) answer).at());
        }
        if (question instanceof Question.Masking masking) {
            return mask(masking, ((Answer.Mask) answer).mask());
        }
        if (question instanceof Question.Number number) {
            return value(number, ((Answer.Value) answer).value());
        }
        return option((Question.Choice) question, ((Answer.Option) answer).option());
    }

    /**
     * Finds a right answer.
     *
     * @throws HeadscopeException when the question cannot be computed
     */
    public Answer solve() {
        Question question = question();
        if (question instanceof Question.Extreme extreme) {
            return new Answer.Cell(GridCells.extreme(grid(extreme), extreme.largest()));
        }
        if (question instanceof Question.Masking masking) {
            return new Answer.Mask(lab.mask(masking.solution()));
        }
        if (question instanceof Question.Number number) {
            return new Answer.Value(lab.value(number.of(), step));
        }
        return new Answer.Option(best((Question.Choice) question));
    }

    /**
     * Makes answers that must be refused, so that a question can be proved to ask something.
     *
     * @throws HeadscopeException when the question cannot be computed
     */
    public List<Answer> wrong() {
        Question question = question();
        if (question instanceof Question.Extreme extreme) {
            return List.of(new Answer.Cell(GridCells.extreme(grid(extreme), !extreme.largest())));
        }
        if (question instanceof Question.Masking) {
            return List.of(new Answer.Mask(lab.mask(step.mask())));
        }
        if (question instanceof Question.Number number) {
            double right = lab.value(number.of(), step);
            double off = 3 * number.tolerance();
            return List.of(new Answer.Value(right + off), new Answer.Value(right - off));
        }
        Question.Choice choice = (Question.Choice) question;
        int right = best(choice);
        return IntStream.range(0, choice.options().size())
                .filter(option -> option != right)
                .<Answer>mapToObj(Answer.Option::new)
                .toList();
    }

    private Question question() {
        return Objects.requireNonNull(step.question());
    }

    private GridPanel grid(Question.Extreme extreme) {
        return lab.grid(Objects.requireNonNull(step.computation()), extreme.panel());
    }

    private Verdict cell(Question.Extreme extreme, List<Integer> at) {
        GridPanel grid = grid(extreme);
        double best = GridCells.at(grid, GridCells.extreme(grid, extreme.largest()));
        double chosen = GridCells.at(grid, at);
        double slack = extreme.within() * Math.abs(best);
        boolean right = extreme.largest() ? chosen >= best - slack : chosen <= best + slack;
        String place = GridCells.words(grid, at);
        String number = Ticks.format(chosen);
        if (right) {
            return new Verdict(true, Messages.get("lesson.cell.right", place, number));
        }
        return new Verdict(
                false,
                extreme.largest()
                        ? Messages.get("lesson.cell.larger", place, number, Ticks.format(best))
                        : Messages.get("lesson.cell.smaller", place, number, Ticks.format(best)));
    }

    private Verdict mask(Question.Masking masking, HeadMask mask) {
        int heads = mask.units(MaskUnit.Kind.HEAD).size();
        if (mask.size() > heads) {
            return new Verdict(false, Messages.get("lesson.mask.headsOnly"));
        }
        if (heads > masking.most()) {
            String most = Integer.toString(masking.most());
            return new Verdict(false, Messages.get("lesson.mask.tooMany", Integer.toString(heads), most));
        }
        if (heads < masking.least()) {
            String least = Integer.toString(masking.least());
            return new Verdict(false, Messages.get("lesson.mask.tooFew", Integer.toString(heads), least));
        }
        Candidate first = lab.predict(Objects.requireNonNull(step.prompt()), mask)
                .top(1, lab::show)
                .get(0);
        boolean right = (first.id() == lab.token(masking.token())) == masking.wanted();
        return new Verdict(
                right,
                Messages.get(
                        "lesson.mask.found",
                        Integer.toString(heads),
                        first.text().strip(),
                        Ticks.format(first.probability())));
    }

    private Verdict value(Question.Number number, double typed) {
        double found = lab.value(number.of(), step);
        if (Math.abs(typed - found) <= number.tolerance()) {
            return new Verdict(true, Messages.get("lesson.number.right", Ticks.format(found)));
        }
        String shown = Ticks.format(typed);
        String allowed = Ticks.format(number.tolerance());
        return new Verdict(
                false,
                typed > found
                        ? Messages.get("lesson.number.high", shown, allowed)
                        : Messages.get("lesson.number.low", shown, allowed));
    }

    private Verdict option(Question.Choice choice, int option) {
        int best = best(choice);
        Question.Option chosen = choice.options().get(option);
        String number = Ticks.format(lab.value(chosen.value(), step));
        if (option == best) {
            return new Verdict(true, Messages.get("lesson.choice.right", chosen.text(), number));
        }
        return new Verdict(
                false,
                choice.largest()
                        ? Messages.get("lesson.choice.larger", chosen.text(), number)
                        : Messages.get("lesson.choice.smaller", chosen.text(), number));
    }

    /** Two that are equally good would make a question without an answer. */
    private int best(Question.Choice choice) {
        List<Double> values = choice.options().stream()
                .map(option -> lab.value(option.value(), step))
                .toList();
        @Nullable Integer best = null;
        boolean tie = false;
        for (int i = 0; i < values.size(); i++) {
            int order =
                    best == null ? 1 : Double.compare(values.get(i), values.get(best)) * (choice.largest() ? 1 : -1);
            if (order > 0) {
                best = i;
                tie = false;
            } else if (order == 0) {
                tie = true;
            }
        }
        if (best == null || tie || values.contains(Double.NaN)) {
            throw new HeadscopeException("The options do not differ in what decides between them: " + values + ".");
        }
        return best;
    }
}
