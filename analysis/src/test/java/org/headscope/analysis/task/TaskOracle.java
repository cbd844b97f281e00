package org.headscope.analysis.task;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Answers questions by reading them, as a person would, from the words on paper alone. */
public final class TaskOracle {
    private static final Set<String> CONTEXT = Set.of("story", "tale", "legend", "rumor");
    private static final Set<String> MEMORY = Set.of("atlas", "world", "truth", "record");
    private static final Set<String> NAMES = Set.copyOf(WordLists.column("names", "name"));
    private static final Map<String, String> CAPITALS = facts("capital");
    private static final Map<String, String> LANGUAGES = facts("language");
    private static final Map<String, Function<String, Set<String>>> ANSWERS = Map.ofEntries(
            Map.entry("repeat", TaskOracle::whatFollowedBefore),
            Map.entry("phrase", TaskOracle::whatFollowedBefore),
            Map.entry("ioi", TaskOracle::namedOnce),
            Map.entry("capital", prompt -> fact(CAPITALS, prompt)),
            Map.entry("language", prompt -> fact(LANGUAGES, prompt)),
            Map.entry("conflict", TaskOracle::contextOrMemory),
            Map.entry("key-value", prompt -> lookUp(prompt, "(\\w+) (\\d+)[,.]", "The number of (\\w+) is$")),
            Map.entry(
                    "needle",
                    prompt -> lookUp(
                            prompt,
                            "The secret word of (\\w+) is (\\w+)\\.",
                            "Question: The secret word of (\\w+) is$")),
            Map.entry("addition", TaskOracle::compute),
            Map.entry("subtraction", TaskOracle::compute),
            Map.entry("greater-than", TaskOracle::laterYears),
            Map.entry("multiple-choice", TaskOracle::letter),
            Map.entry("agreement", TaskOracle::verbs),
            Map.entry("story", TaskOracle::whoHadTheJob));

    private TaskOracle() {}

    /** {@return all right answers, with their leading blanks} */
    public static Set<String> answers(String task, String prompt) {
        return Objects.requireNonNull(ANSWERS.get(task), task).apply(prompt);
    }

    /** {@return what must not be both learned and asked in an exam} */
    public static String key(String task, String prompt) {
        return switch (task) {
            case "ioi" -> names(prompt).stream().distinct().sorted().collect(Collectors.joining(" "));
            case "addition" -> {
                MatchResult sum = match(prompt, "(\\d+) \\+ (\\d+) =$");
                yield unordered(number(sum, 1), number(sum, 2));
            }
            // z - y = x undoes x + y = z.
            case "subtraction" -> {
                MatchResult difference = match(prompt, "(\\d+) - (\\d+) =$");
                yield unordered(number(difference, 2), number(difference, 1) - number(difference, 2));
            }
            case "key-value", "needle" -> match(prompt, "of (\\w+) is$").group(1) + answers(task, prompt);
            case "conflict" -> country(prompt) + claimed(prompt);
            case "agreement" -> prompt.replaceAll("(\\w)s\\b", "$1");
            default -> prompt;
        };
    }

    private static String unordered(int a, int b) {
        return Math.min(a, b) + " " + Math.max(a, b);
    }

    /** The word behind the last place where the longest possible end of the text stood before. */
    private static Set<String> whatFollowedBefore(String prompt) {
        String[] words = prompt.split(" ", -1);
        int longest = 0;
        String next = "";
        for (int end = words.length - 2; end >= 0; end--) {
            int same = 0;
            while (same <= end && words[end - same].equals(words[words.length - 1 - same])) {
                same++;
            }
            if (same > longest) {
                longest = same;
                next = words[end + 1];
            }
        }
        return Set.of(" " + next.replaceAll("[.,]$", ""));
    }

    private static List<String> names(String prompt) {
        return Arrays.stream(prompt.split("\\W+", -1)).filter(NAMES::contains).toList();
    }

    private static Set<String> namedOnce(String prompt) {
        Map<String, Long> counts =
                names(prompt).stream().collect(Collectors.groupingBy(name -> name, Collectors.counting()));
        return counts.entrySet().stream()
                .filter(count -> count.getValue() == 1)
                .map(count -> " " + count.getKey())
                .collect(Collectors.toSet());
    }

    private static Map<String, String> facts(String column) {
        return WordLists.rows("countries").stream()
                .collect(Collectors.toMap(row -> row.getOrDefault("country", ""), row -> row.getOrDefault(column, "")));
    }

    private static String country(String prompt) {
        return Arrays.stream(prompt.split("\\W+", -1))
                .filter(CAPITALS::containsKey)
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> fact(Map<String, String> facts, String prompt) {
        return Set.of(" " + facts.get(country(prompt)));
    }

    private static String claimed(String prompt) {
        return Arrays.stream(prompt.split("\\W+", -1))
                .filter(CAPITALS::containsValue)
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> contextOrMemory(String prompt) {
        MatchResult question = match(prompt, "(?:In|By) the (\\w+) the capital of (\\w+) is$");
        if (CONTEXT.contains(question.group(1))) {
            return Set.of(" " + claimed(prompt));
        }
        if (MEMORY.contains(question.group(1))) {
            return Set.of(" " + CAPITALS.get(question.group(2)));
        }
        throw new AssertionError(prompt);
    }

    private static Set<String> lookUp(String prompt, String entry, String question) {
        Map<String, String> entries = new LinkedHashMap<>();
        Matcher matcher = Pattern.compile(entry).matcher(prompt);
        while (matcher.find()) {
            entries.put(matcher.group(1), matcher.group(2));
        }
        return Set.of(
                " " + Objects.requireNonNull(entries.get(match(prompt, question).group(1)), prompt));
    }

    private static Set<String> compute(String prompt) {
        MatchResult task = match(prompt, "^Compute: (\\d+) ([+-]) (\\d+) =$");
        int a = number(task, 1);
        int b = number(task, 3);
        return Set.of(" " + (task.group(2).equals("+") ? a + b : a - b));
    }

    private static Set<String> laterYears(String prompt) {
        MatchResult years = match(prompt, "(\\d\\d)(\\d\\d)\\b.* (\\d\\d)$");
        if (!years.group(1).equals(years.group(3))) {
            throw new AssertionError(prompt);
        }
        return IntStream.range(number(years, 2) + 1, 100)
                .mapToObj(year -> (year < 10 ? "0" : "") + year)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> letter(String prompt) {
        MatchResult parts = match(prompt, "^Question: (.*)\\? A: (\\w+) B: (\\w+) C: (\\w+) D: (\\w+) Answer:$");
        String question = parts.group(1);
        Set<String> right = new TreeSet<>();
        for (int option = 0; option < 4; option++) {
            if (fits(question, parts.group(2 + option))) {
                right.add(" " + "ABCD".charAt(option));
            }
        }
        return right;
    }

    private static boolean fits(String question, String option) {
        if (question.startsWith("What is the capital of ")) {
            return option.equals(CAPITALS.get(question.substring("What is the capital of ".length())));
        }
        String kind = match(question, "^Which one is an? (\\w+)$").group(1);
        return WordLists.rows("things").contains(Map.of("thing", option, "kind", kind));
    }

    private static Set<String> verbs(String prompt) {
        String subject = match(prompt, "^The (\\w+) ").group(1);
        boolean plural = WordLists.column("nouns", "plural").contains(subject);
        return WordLists.column("verbs", plural ? "plural" : "singular").stream()
                .map(verb -> " " + verb)
                .collect(Collectors.toSet());
    }

    private static Set<String> whoHadTheJob(String prompt) {
        String job = match(prompt, "In this story the (\\w+) was$").group(1);
        Matcher told = Pattern.compile("a %1$s named (\\w+)|([A-Z]\\w+) was a %1$s|([A-Z]\\w+) the %1$s".formatted(job))
                .matcher(prompt);
        if (!told.find()) {
            throw new AssertionError(prompt);
        }
        return IntStream.rangeClosed(1, 3)
                .mapToObj(told::group)
                .filter(Objects::nonNull)
                .map(name -> " " + name)
                .collect(Collectors.toSet());
    }

    private static MatchResult match(String text, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("'" + text + "' does not look like " + pattern);
        }
        return matcher.toMatchResult();
    }

    private static int number(MatchResult match, int group) {
        return Integer.parseInt(match.group(group));
    }
}
