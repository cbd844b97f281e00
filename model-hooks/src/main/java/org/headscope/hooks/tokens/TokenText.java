package org.headscope.hooks.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Makes the entries of a vocabulary readable: blanks are blanks, line breaks are line breaks, bytes that are no whole
 * character appear as {@code <0xE4>}. Which spelling a vocabulary uses is told by the decoder of its tokenizer.
 */
final class TokenText {
    /** SentencePiece writes a blank as this. */
    private static final char BLANK = '\u2581';

    private static final Map<Integer, Byte> BYTE_OF = byteAlphabet();

    private final boolean byteLevel;
    private final boolean blanks;
    private final boolean byteFallback;

    private TokenText(boolean byteLevel, boolean blanks, boolean byteFallback) {
        this.byteLevel = byteLevel;
        this.blanks = blanks;
        this.byteFallback = byteFallback;
    }

    /** Chooses by the {@code decoder} of a tokenizer.json. */
    static TokenText of(JsonNode decoder) {
        return new TokenText(
                uses(decoder, "ByteLevel"),
                uses(decoder, "Metaspace") || replacesBlank(decoder),
                uses(decoder, "ByteFallback"));
    }

    String readable(String token) {
        if (byteLevel) {
            return fromByteLevel(token);
        }
        if (byteFallback && token.length() == 6 && token.startsWith("<0x") && token.endsWith(">")) {
            return fromByte(token);
        }
        return blanks ? token.replace(BLANK, ' ') : token;
    }

    private static boolean uses(JsonNode decoder, String type) {
        if (decoder.path("type").asText().equals(type)) {
            return true;
        }
        for (JsonNode step : decoder.path("decoders")) {
            if (uses(step, type)) {
                return true;
            }
        }
        return false;
    }

    private static boolean replacesBlank(JsonNode decoder) {
        boolean here = decoder.path("type").asText().equals("Replace")
                && decoder.path("pattern").path("String").asText().equals(String.valueOf(BLANK));
        for (JsonNode step : decoder.path("decoders")) {
            here |= replacesBlank(step);
        }
        return here;
    }

    /** Single bytes below 128 are characters of their own; others are pieces of one. */
    private static String fromByte(String token) {
        try {
            int value = Integer.parseInt(token.substring(3, 5), 16);
            return value < 0x80 ? String.valueOf((char) value) : token;
        } catch (NumberFormatException e) {
            return token;
        }
    }

    private static String fromByteLevel(String token) {
        ByteBuffer bytes = ByteBuffer.allocate(token.length());
        for (int i = 0; i < token.length(); i++) {
            Byte value = BYTE_OF.get((int) token.charAt(i));
            if (value == null) {
                return token;
            }
            bytes.put(value);
        }
        return utf8WithEscapes(bytes.flip());
    }

    private static String utf8WithEscapes(ByteBuffer bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer chars = CharBuffer.allocate(bytes.remaining() + 1);
        StringBuilder text = new StringBuilder();
        while (bytes.hasRemaining()) {
            CoderResult result = decoder.reset().decode(bytes, chars, true);
            text.append(chars.flip());
            chars.clear();
            int bad = result.isError() ? result.length() : 0;
            for (int i = 0; i < bad; i++) {
                text.append("<0x%02X>".formatted(bytes.get()));
            }
        }
        return text.toString();
    }

    /** GPT-2's alphabet: printable Latin-1 stands for itself, the other 68 bytes for characters from 256 on. */
    private static Map<Integer, Byte> byteAlphabet() {
        Map<Integer, Byte> alphabet = new HashMap<>();
        int next = 256;
        for (int value = 0; value < 256; value++) {
            boolean itself = value >= '!' && value <= '~' || value >= 0xA1 && value <= 0xFF && value != 0xAD;
            alphabet.put(itself ? value : next++, (byte) value);
        }
        return Map.copyOf(alphabet);
    }
}
