package org.headscope.hooks.checkpoint;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * SHA-256 over what a checkpoint says, not how its files say it: tensors in the order of their names, then the
 * configuration. Sharding, header order and metadata make no difference.
 */
final class ContentHash {
    private final MessageDigest digest = sha256();

    void add(TensorInfo info, SafetensorsFile file) {
        add((info.name() + "\n" + info.dtype() + "\n" + Text.shape(info.shape())).getBytes(StandardCharsets.UTF_8));
        file.read(info, digest::update);
    }

    /** Adds bytes after their number, so that neighbours cannot be confused. */
    void add(byte[] bytes) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, bytes.length));
        digest.update(bytes);
    }

    /** Ends the hash: 64 lower-case hexadecimal digits. */
    String finish() {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
