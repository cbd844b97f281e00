package org.headscope.analysis.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.headscope.hooks.HeadscopeException;
import org.headscope.hooks.io.JsonFile;

/**
 * The folder of a training, marked by a file with its plan, so that nothing else is ever written over and no training goes
 * on by another plan than it began with.
 *
 * @param path the folder, which may not exist yet
 */
public record TrainingFolder(Path path) {
    private static final String PLAN = "training.json";
    private static final int NAMED = 3;

    /** {@return the file from which the training goes on} */
    public Path state() {
        return path.resolve(TrainingState.FILE);
    }

    /** {@return the table of losses, a line per step} */
    public Path losses() {
        return path.resolve(TrainingLog.LOSSES);
    }

    /** {@return the table of held-out accuracies, a line per exam} */
    public Path exams() {
        return path.resolve(TrainingLog.EXAMS);
    }

    /**
     * Where a curve of the training is drawn.
     *
     * @param title of the curve, see {@link TrainingCurves}
     * @return a picture
     */
    public Path picture(String title) {
        return path.resolve(title.toLowerCase(Locale.ROOT) + ".png");
    }

    /** {@return the weights, written at the end} */
    public Path weights() {
        return path.resolve("model.safetensors");
    }

    /**
     * The plan of the training that was begun here.
     *
     * @return the plan; empty when the folder is missing or empty
     * @throws HeadscopeException when the folder holds something else, or its plan cannot be read
     */
    public Optional<Plan> plan() {
        Path file = path.resolve(PLAN);
        if (Files.isRegularFile(file)) {
            return Optional.of(read(file));
        }
        List<String> others = others();
        if (!others.isEmpty()) {
            String more = others.size() > NAMED ? " and " + (others.size() - NAMED) + " more" : "";
            throw new HeadscopeException(path + " holds something else than a training: "
                    + others.stream().limit(NAMED).collect(Collectors.joining(", ")) + more
                    + ". Choose a new or empty folder, or that of an earlier training.");
        }
        return Optional.empty();
    }

    /**
     * Takes the folder for a training.
     *
     * @param plan how it goes
     * @throws HeadscopeException when the folder holds something else, or a training by another plan
     */
    public void claim(Plan plan) {
        Optional<Plan> begun = plan();
        if (begun.isEmpty()) {
            ObjectNode json = new JsonMapper().createObjectNode();
            json.put("steps", plan.steps()).put("tokens_per_step", plan.tokens());
            json.put("peak_learning_rate", plan.peak()).put("seed", plan.seed());
            TokenizerFolder.save(path.resolve(PLAN), json);
        } else if (!begun.get().equals(plan)) {
            throw new HeadscopeException("The training in " + path + " was begun with " + words(begun.get())
                    + " and can only go on with these, not with " + words(plan)
                    + ". Leave them out, or choose another folder.");
        }
    }

    private static String words(Plan plan) {
        return plan.steps() + " steps of " + plan.tokens() + " tokens, a peak learning rate of " + plan.peak()
                + " and seed " + plan.seed();
    }

    private static Plan read(Path file) {
        try {
            JsonNode json = JsonFile.readObject(file);
            return new Plan(
                    number(json, "steps").longValue(),
                    number(json, "tokens_per_step").intValue(),
                    number(json, "peak_learning_rate").doubleValue(),
                    number(json, "seed").longValue());
        } catch (IOException e) {
            throw new HeadscopeException(
                    file + " cannot be read as the plan of a training: " + e.getMessage()
                            + ". Correct it, or begin anew in another folder.",
                    e);
        }
    }

    private static JsonNode number(JsonNode json, String name) throws IOException {
        JsonNode value = json.path(name);
        if (!value.isNumber()) {
            throw new IOException("it has no number called " + name);
        }
        return value;
    }

    private List<String> others() {
        if (!Files.exists(path)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new HeadscopeException(
                    path + " cannot be looked into: " + e.getMessage() + ". Choose another folder.", e);
        }
    }
}
