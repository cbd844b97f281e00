package org.headscope.analysis.recall;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.headscope.analysis.task.EncodedExample;
import org.headscope.analysis.task.Passage;
import org.headscope.analysis.task.TaskExample;
import org.headscope.hooks.handbuilt.AmplifierModel;

/** Questions of three tokens to the amplifier model, whose answer is what stands at a position. */
final class PlantedExamples {
    private PlantedExamples() {}

    static List<EncodedExample> of(int count, int answerAt, int seed) {
        Random random = new Random(seed);
        List<EncodedExample> examples = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] prompt = random.ints(3, 0, AmplifierModel.VOCAB).toArray();
            int[] corrupt = prompt.clone();
            corrupt[answerAt] = (prompt[answerAt] + 1) % AmplifierModel.VOCAB;
            TaskExample texts = new TaskExample(
                    "planted " + i,
                    new Passage(List.of(new Passage.Piece("planted", 1f))),
                    "planted",
                    "planted",
                    List.of("answer"),
                    List.of("other"));
            examples.add(new EncodedExample(
                    texts, prompt, corrupt, new int[] {prompt[answerAt]}, new int[] {corrupt[answerAt]}));
        }
        return examples;
    }
}
