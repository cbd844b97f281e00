package org.headscope.app.task;

import java.util.List;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.session.SessionPrompts;
import org.headscope.analysis.spi.Prompt;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.app.workbench.OpenModel;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.HookedTransformer;
import org.headscope.hooks.tokens.BosPolicy;

/**
 * An example of a task as it would be typed.
 *
 * @param clean the prompt with the answer
 * @param corrupt its twin with another answer
 * @param answer a right next token of the clean prompt
 * @param foil a right next token of the corrupt one
 */
record TaskPair(String clean, String corrupt, String answer, String foil) {

    /**
     * Draws an example that the bundled model never learned from; takes its time.
     *
     * @throws HeadscopeException when the model has no tokenizer, lacks the words, or cannot read that much
     */
    static TaskPair draw(OpenModel model, BosPolicy bos, TaskGenerator task, long seed) {
        return model.use(open -> {
            EncodedExample drawn = TaskEncoder.of(open, bos)
                    .draw(task, Split.HELD_OUT, 1, seed)
                    .get(0);
            drawn.requireFits(open.config().dims().context());
            return new TaskPair(
                    new Prompt.Text(drawn.example().prompt()).line(),
                    new Prompt.Text(drawn.example().corrupt()).line(),
                    typed(open, drawn.example().answers().get(0), drawn.answers()[0]),
                    typed(open, drawn.example().corruptAnswers().get(0), drawn.corruptAnswers()[0]));
        });
    }

    /** The word where it stands for that very token; the id where a tokenizer makes another token of the word alone. */
    private static String typed(HookedTransformer model, String word, int token) {
        Prompt text = new Prompt.Text(word);
        try {
            if (new SessionPrompts(Session.of(model)).answer(text) == token) {
                return text.line();
            }
        } catch (HeadscopeException e) { // several tokens without the prompt before it
            return new Prompt.Ids(List.of(token)).line();
        }
        return new Prompt.Ids(List.of(token)).line();
    }
}
