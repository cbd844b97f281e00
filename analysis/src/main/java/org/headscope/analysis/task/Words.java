package org.headscope.analysis.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The words that tasks may use with one tokenizer: those that are a single token behind a blank. Tasks that ask for more
 * words than are left refuse, and say so.
 */
public final class Words {
    private static final int NUMBERS = 100;

    private final Predicate<String> usable;
    private final Map<String, WordTable> tables = new HashMap<>();
    private final Map<String, List<List<String>>> chosen = new HashMap<>();
    private final Map<String, List<String>> lists = new HashMap<>();
    private @Nullable Integer numbers;

    private Words(Predicate<String> usable) {
        this.usable = usable;
    }

    /** {@return all words, whatever a tokenizer makes of them: for the vocabulary of a tokenizer that is yet to be made} */
    public static Words all() {
        return new Words(word -> true);
    }

    /**
     * The words that pass a test.
     *
     * @param usable whether a word, without its blank, may be used
     * @return those words
     */
    public static Words where(Predicate<String> usable) {
        return new Words(usable);
    }

    /**
     * Rows of a list whose words are usable in all the columns asked for.
     *
     * @param need how many rows the task cannot do without
     * @param table name of the list
     * @param columns the columns
     * @return the rows, one word per column
     * @throws TaskException when fewer are left
     */
    public synchronized List<List<String>> rows(int need, String table, String... columns) {
        String key = table + Arrays.toString(columns);
        List<List<String>> rows = chosen.computeIfAbsent(key, any -> choose(table, row -> true, columns));
        return enough(rows, need, table);
    }

    /**
     * Words of a list.
     *
     * @param need how many the task cannot do without
     * @param table name of the list
     * @return its first column
     * @throws TaskException when fewer are left
     */
    public synchronized List<String> list(int need, String table) {
        List<String> words = lists.computeIfAbsent(
                table, name -> column(name, row -> true, table(name).columns().get(0)));
        return enough(words, need, table);
    }

    /**
     * Things of one kind.
     *
     * @param need how many the task cannot do without
     * @param kind such as {@code animal}
     * @return the things
     * @throws TaskException when fewer are left
     */
    public synchronized List<String> things(int need, String kind) {
        List<String> things =
                lists.computeIfAbsent("things of " + kind, any -> column("things", row -> row.contains(kind), "thing"));
        return enough(things, need, kind + "s");
    }

    /**
     * Whole numbers from 0 that are usable, up to the first that is not.
     *
     * @param need how many the task cannot do without
     * @return how many there are, at most 100
     * @throws TaskException when fewer are left
     */
    public synchronized int numbers(int need) {
        Integer known = numbers;
        int count = known == null ? countNumbers() : known;
        numbers = count;
        if (count < need) {
            String has = count == 0 ? "no number as a single token" : "single tokens for numbers up to " + (count - 1);
            throw new TaskException("This tokenizer has " + has + ", but the task needs them up to " + (need - 1)
                    + ". Choose another task, or a model whose tokenizer knows these numbers.");
        }
        return count;
    }

    private int countNumbers() {
        return IntStream.range(0, NUMBERS)
                .filter(n -> !usable.test(Integer.toString(n)))
                .findFirst()
                .orElse(NUMBERS);
    }

    /**
     * Some different elements of a list, in random order.
     *
     * @param from the list
     * @param count how many
     * @param random the source of chance
     * @param <T> what it holds
     * @return {@code count} elements
     */
    static <T> List<T> sample(List<T> from, int count, RandomGenerator random) {
        List<T> pool = new ArrayList<>(from);
        for (int i = 0; i < count; i++) {
            Collections.swap(pool, i, i + random.nextInt(pool.size() - i));
        }
        return List.copyOf(pool.subList(0, count));
    }

    /** One element of a list. */
    static <T> T one(List<T> from, RandomGenerator random) {
        return from.get(random.nextInt(from.size()));
    }

    private List<List<String>> choose(String table, Predicate<List<String>> which, String... columns) {
        WordTable all = table(table);
        int[] indices = Arrays.stream(columns).mapToInt(all::column).toArray();
        return all.rows().stream()
                .filter(which)
                .map(row -> IntStream.of(indices).mapToObj(row::get).toList())
                .filter(row -> row.stream().allMatch(word -> !word.isEmpty() && usable.test(word)))
                .toList();
    }

    private List<String> column(String table, Predicate<List<String>> which, String column) {
        return choose(table, which, column).stream().map(row -> row.get(0)).toList();
    }

    private WordTable table(String name) {
        return tables.computeIfAbsent(name, WordTable::read);
    }

    private static <T> List<T> enough(List<T> rows, int need, String what) {
        if (rows.size() < need) {
            throw new TaskException("Only " + rows.size() + " of the " + what
                    + " are single tokens of this tokenizer, but the task needs " + need
                    + ". Choose another task, or a model whose vocabulary has these words.");
        }
        return rows;
    }
}
