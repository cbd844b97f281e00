package org.headscope.analysis.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.headscope.analysis.result.ReceiptSummary;
import org.headscope.analysis.store.StoreException.Reason;

/** JSON inside columns. */
final class StoreJson {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private StoreJson() {}

    static ObjectNode object(String text) {
        try {
            if (MAPPER.readTree(text) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw damaged(text, e);
        }
        throw damaged(text, new IllegalArgumentException("not an object"));
    }

    static List<ReceiptSummary> receipts(String text) {
        try {
            return MAPPER.readValue(text, new TypeReference<List<ReceiptSummary>>() {});
        } catch (JsonProcessingException e) {
            throw damaged(text, e);
        }
    }

    static String write(List<ReceiptSummary> receipts) {
        try {
            return MAPPER.writeValueAsString(receipts);
        } catch (JsonProcessingException e) {
            throw new StoreException(Reason.OTHER, "Cannot write receipts as JSON.", e);
        }
    }

    private static StoreException damaged(String text, Exception cause) {
        String start = text.length() <= 80 ? text : text.substring(0, 80) + "...";
        return new StoreException(Reason.CORRUPT, "A row of the workspace holds damaged JSON: " + start, cause);
    }
}
