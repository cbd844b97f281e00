package org.headscope.analysis.task;

import java.util.List;
import java.util.stream.Collectors;
import org.headscope.analysis.spi.ChoiceSource;

/** All tasks by their ids. */
public final class TaskRegistry {
    private static final List<TaskGenerator> ALL = List.of(
            new RepeatedSequence(),
            new RepeatedPhrase(),
            new IndirectObject(),
            Fact.capital(),
            Fact.language(),
            new KnowledgeConflict(),
            new KeyValue(),
            Needle.standard(),
            Arithmetic.addition(),
            Arithmetic.subtraction(),
            new GreaterThan(),
            new MultipleChoice(),
            new Agreement(),
            new Story());

    private TaskRegistry() {}

    /** The ids of all tasks, for parameters that name one. */
    public static final class Ids implements ChoiceSource {
        /** Made by reflection only. */
        public Ids() {}

        @Override
        public List<String> choices() {
            return ALL.stream().map(task -> task.info().id()).toList();
        }
    }

    /** {@return all tasks} */
    public static List<TaskGenerator> all() {
        return ALL;
    }

    /** The tasks that have neutral prompts, in words. */
    static String withNeutralPrompts() {
        return ALL.stream()
                .filter(task -> !task.neutralSet().isEmpty())
                .map(task -> task.info().id())
                .collect(Collectors.joining(" and "));
    }

    /**
     * Finds a task.
     *
     * @param id its id
     * @return the task
     * @throws TaskException naming all ids when there is none
     */
    public static TaskGenerator require(String id) {
        return ALL.stream()
                .filter(task -> task.info().id().equals(id))
                .findFirst()
                .orElseThrow(() -> new TaskException("There is no task '" + id + "'. Tasks: "
                        + ALL.stream().map(task -> task.info().id()).collect(Collectors.joining(", ")) + "."));
    }
}
