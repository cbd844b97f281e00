package org.headscope.hooks.tokens;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer of a checkpoint, read from its {@code tokenizer.json}. Texts are never cut or padded. Any number of
 * threads may use it at a time.
 */
public final class TextTokenizer implements AutoCloseable {
    private static final String FILE = "tokenizer.json";

    private final NativeTokenizer library;
    private final TokenizerFile file;
    private final TokenText text;
    private final SpecialIds special;
    /** What the tokenizer's own template puts in front of a text. */
    private final int[] prefix;

    private TextTokenizer(NativeTokenizer library, int[] prefix, TokenizerFile file, SpecialIds special) {
        this.library = library;
        this.prefix = prefix;
        this.file = file;
        this.text = file.text();
        this.special = special;
    }

    /**
     * Tells whether a folder has a tokenizer that can be loaded.
     *
     * @param folder a checkpoint
     * @return whether {@code tokenizer.json} is there
     */
    public static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve(FILE));
    }

    /**
     * Loads a tokenizer.
     *
     * @param folder a checkpoint with {@code tokenizer.json}; {@code tokenizer_config.json}, {@code config.json} and the
     *     like beside it tell the special tokens
     * @return the tokenizer, to be closed by the caller
     * @throws TokenizerException when it is missing or malformed
     */
    public static TextTokenizer load(Path folder) {
        Path path = folder.resolve(FILE);
        if (!isIn(folder)) {
            throw new TokenizerException("There is no " + path
                    + ". Give token ids instead of text, or put the model's tokenizer.json there (in Python:"
                    + " AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER)).");
        }
        try {
            TokenizerFile file = TokenizerFile.read(path);
            SpecialIds special = new SpecialIds(folder, file);
            return over(NativeTokenizer.open(path), file, special);
        } catch (IOException e) {
            throw new TokenizerException(path + " cannot be used: " + e.getMessage() + ". Fetch it again.", e);
        }
    }

    private static TextTokenizer over(NativeTokenizer library, TokenizerFile file, SpecialIds special) {
        try {
            // A vocabulary of whole words without an unknown token cannot spell just any text.
            Stream<String> words = file.tokens().entrySet().stream()
                    .filter(entry -> !file.isAdded(entry.getKey()))
                    .map(Map.Entry::getValue);
            int[] prefix = library.prefix(Stream.concat(Stream.of("a"), words));
            return new TextTokenizer(library, prefix, file, special);
        } catch (TokenizerException e) {
            library.close();
            throw e;
        }
    }

    /**
     * Splits a text into tokens.
     *
     * @param string the text, of any length
     * @param policy whether a beginning-of-sequence token goes in front
     * @return ids, readable tokens and their places
     * @throws TokenizerException when the text holds half a surrogate pair, or {@code ALWAYS} is asked of a tokenizer
     *     that has no such token
     */
    public Tokenized encode(String string, BosPolicy policy) {
        boolean prepend = bos(policy).prepend();
        Encoding encoding = library.encode(string, true);
        CodePoints points = new CodePoints(string);
        List<Integer> ids = new ArrayList<>();
        List<String> pieces = new ArrayList<>();
        List<Span> spans = new ArrayList<>();
        if (prepend && prefix.length == 0) {
            int bos = bosId().orElseThrow();
            ids.add(bos);
            pieces.add(tokenString(bos));
            spans.add(new Span(0, 0));
        }
        long[] encoded = encoding.getIds();
        String[] spelled = encoding.getTokens();
        @Nullable CharSpan[] places = encoding.getCharTokenSpans();
        for (int i = prepend ? 0 : prefix.length; i < encoded.length; i++) {
            ids.add((int) encoded[i]);
            pieces.add(spelled[i]);
            spans.add(points.span(places[i]));
        }
        List<String> strings = ids.stream().map(this::tokenString).toList();
        return new Tokenized(string, toArray(ids), strings, pieces, spans, policy, prepend);
    }

    /**
     * Says what a policy comes to here.
     *
     * @param policy the policy
     * @return whether a token is put in front, and why
     * @throws TokenizerException when {@code ALWAYS} is asked of a tokenizer that has no such token
     */
    public BosResolution bos(BosPolicy policy) {
        return switch (policy) {
            case NEVER -> new BosResolution(policy, false, "asked for");
            case ALWAYS -> {
                requireBos();
                yield new BosResolution(policy, true, "asked for");
            }
            case AUTO -> automatic();
        };
    }

    /**
     * Joins tokens to text, leaving special tokens out.
     *
     * @param ids token ids
     * @return the text
     * @throws TokenizerException when an id is not in the vocabulary
     */
    public String decode(int[] ids) {
        return library.decode(checked(ids), true);
    }

    /**
     * Joins tokens to text, special tokens included.
     *
     * @param ids token ids
     * @return the text
     * @throws TokenizerException when an id is not in the vocabulary
     */
    public String decodeWithSpecial(int[] ids) {
        return library.decode(checked(ids), false);
    }

    /**
     * A token for people to read: blanks are blanks, and bytes that are only a piece of a character look like
     * {@code <0xE4>}.
     *
     * @param id a token id
     * @return the token; {@code <id 50300>} for an id without one, as models have at the end of a padded vocabulary
     */
    public String tokenString(int id) {
        String token = file.tokens().get(id);
        if (token == null) {
            return "<id " + id + ">";
        }
        return file.isAdded(id) ? token : text.readable(token);
    }

    /**
     * The id of an answer that must be one token.
     *
     * @param string the answer, with its leading blank where the prompt leaves it out
     * @return its id
     * @throws TokenizerException when it is several tokens, which are then named, or cannot be spelled
     */
    public int idOfSingleToken(String string) {
        long[] ids = library.encode(string, false).getIds();
        if (ids.length != 1) {
            String pieces = Arrays.stream(ids)
                    .mapToObj(id -> "'" + tokenString((int) id) + "'")
                    .collect(Collectors.joining(", "));
            throw new TokenizerException("'" + string + "' is " + ids.length + " tokens"
                    + (pieces.isEmpty() ? "" : ": " + pieces)
                    + ". An answer must be one token: try it with or without a leading blank, or another word.");
        }
        if (unkId().isPresent() && unkId().getAsInt() == ids[0]) {
            throw new TokenizerException("'" + string + "' is not in the vocabulary: it becomes "
                    + tokenString((int) ids[0]) + ". Choose another word.");
        }
        return (int) ids[0];
    }

    /** {@return the number of tokens, added ones included; a model's own vocabulary may be padded beyond it} */
    public int vocabSize() {
        return file.tokens().size();
    }

    /** {@return the token that begins a text, or {@code [CLS]}; empty when no file names one} */
    public OptionalInt bosId() {
        OptionalInt named = special.find("bos");
        if (named.isPresent() || prefix.length == 0) {
            return named;
        }
        return OptionalInt.of(prefix[0]);
    }

    /** {@return the tokens that end a text, the tokenizer's own first; possibly none} */
    public List<Integer> eosIds() {
        return special.all("eos");
    }

    /** {@return the token that fills up short rows of a batch; empty when no file names one} */
    public OptionalInt padId() {
        return special.find("pad");
    }

    /** {@return the token for what cannot be spelled; empty when everything can be} */
    public OptionalInt unkId() {
        return file.unknownId();
    }

    @Override
    public void close() {
        library.close();
    }

    private BosResolution automatic() {
        boolean template = prefix.length > 0;
        boolean prepend = special.addsBos().orElse(template);
        if (prepend != template) {
            if (prepend && bosId().isEmpty()) {
                return new BosResolution(BosPolicy.AUTO, false, "tokenizer_config.json asks for a BOS but names none");
            }
            return new BosResolution(BosPolicy.AUTO, prepend, "add_bos_token in tokenizer_config.json is " + prepend);
        }
        String reason = template
                ? "the tokenizer starts every text with " + tokenString(prefix[0])
                : "the tokenizer puts nothing in front of a text";
        return new BosResolution(BosPolicy.AUTO, prepend, reason);
    }

    private void requireBos() {
        if (bosId().isEmpty()) {
            throw new TokenizerException("A beginning-of-sequence token was asked for, but neither the tokenizer nor"
                    + " config.json names one. Choose AUTO or NEVER.");
        }
    }

    private long[] checked(int[] ids) {
        for (int id : ids) {
            if (!file.tokens().containsKey(id)) {
                throw unknownId(id);
            }
        }
        return Arrays.stream(ids).asLongStream().toArray();
    }

    private TokenizerException unknownId(int id) {
        return new TokenizerException("There is no token with id " + id + " in this vocabulary of " + vocabSize()
                + ". Check that the ids belong to this model.");
    }

    private static int[] toArray(List<Integer> ids) {
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }
}
