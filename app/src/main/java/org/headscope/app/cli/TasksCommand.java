package org.headscope.app.cli;

import com.google.auto.service.AutoService;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.headscope.analysis.session.Session;
import org.headscope.analysis.task.Split;
import org.headscope.analysis.task.TaskEncoder;
import org.headscope.analysis.task.TaskExample;
import org.headscope.analysis.task.TaskGenerator;
import org.headscope.analysis.task.TaskInfo;
import org.headscope.analysis.task.TaskRegistry;
import org.headscope.hooks.HookedTransformer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code headscope tasks}: what a model can be asked, and questions in the words of its vocabulary. */
@AutoService(CliCommand.class)
@Command(name = "tasks", description = "List the tasks, or print examples of one for a model's tokenizer.")
public final class TasksCommand implements CliCommand {
    private static final int ANSWERS_SHOWN = 4;

    @Mixin
    private ModelOptions options = new ModelOptions();

    @Mixin
    private CliOutput output = new CliOutput();

    @Parameters(
            arity = "0..1",
            paramLabel = "<task>",
            description = "Print examples of this task; without it all tasks are listed.")
    private @Nullable String task;

    @Option(
            names = {"-n", "--examples"},
            paramLabel = "<count>",
            defaultValue = "5",
            description = "How many examples. Default: 5.")
    private int count;

    @Option(names = "--held-out", description = "Print examples that the bundled model never learned from.")
    private boolean heldOut;

    /** What is printed with {@code --json} for one task. */
    record Examples(String task, String split, long seed, String model, List<Example> examples) {}

    /** One example. */
    record Example(int tokens, String clean, String corrupt, List<String> answers, List<String> corruptAnswers) {}

    @Override
    public Integer call() {
        if (task == null) {
            List<TaskInfo> all =
                    TaskRegistry.all().stream().map(TaskGenerator::info).toList();
            output.print(all, out -> all.forEach(info -> print(info, out)));
            return 0;
        }
        if (count < 1) {
            throw output.wrongUse("-n takes a number of examples, at least 1, not " + count + ".");
        }
        print(TaskRegistry.require(task));
        return 0;
    }

    private void print(TaskGenerator generator) {
        Split split = heldOut ? Split.HELD_OUT : Split.TRAIN;
        try (HookedTransformer model = options.load()) {
            Session session = options.session(model, output);
            List<Example> examples =
                    TaskEncoder.of(model, session.bos()).draw(generator, split, count, session.seed()).stream()
                            .map(drawn -> example(drawn.length(), drawn.example()))
                            .toList();
            Examples all = new Examples(
                    generator.info().id(),
                    split.word(),
                    session.seed(),
                    model.identity().name(),
                    examples);
            output.print(all, out -> print(generator.info(), all, out));
        }
    }

    private static Example example(int tokens, TaskExample drawn) {
        return new Example(tokens, drawn.prompt(), drawn.corrupt(), drawn.answers(), drawn.corruptAnswers());
    }

    private static void print(TaskInfo info, PrintWriter out) {
        out.printf(Locale.ROOT, "%-16s %s%n", info.id(), info.title());
        out.printf(Locale.ROOT, "%-16s %s%n", "", info.asks());
        out.printf(Locale.ROOT, "%-16s %s%n", "", info.source());
    }

    private static void print(TaskInfo info, Examples all, PrintWriter out) {
        print(info, out);
        out.printf(Locale.ROOT, "%s examples for %s, seed %d%n", all.split, all.model, all.seed);
        for (Example example : all.examples) {
            out.println();
            out.println("clean    " + example.clean);
            out.println("answer   " + words(example.answers));
            out.println("corrupt  " + example.corrupt);
            out.println("answer   " + words(example.corruptAnswers));
        }
    }

    /** Answers in marks, because their leading blanks matter. */
    private static String words(List<String> answers) {
        List<String> shown = new ArrayList<>(answers.subList(0, Math.min(ANSWERS_SHOWN, answers.size())));
        String more = answers.size() > shown.size() ? " and " + (answers.size() - shown.size()) + " more" : "";
        return shown.stream().map(answer -> "'" + answer + "'").collect(Collectors.joining(" ")) + more;
    }
}
