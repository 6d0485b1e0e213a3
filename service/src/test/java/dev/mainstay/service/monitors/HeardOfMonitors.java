package dev.mainstay.service.monitors;

import dev.mainstay.protocol.HeldResource;
import dev.mainstay.protocol.ToService.Inventory;
import dev.mainstay.protocol.ToService.Query;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Notes what is told of monitors, one line for each call, such as `gone CRASHED`.
final class HeardOfMonitors implements MonitorListener {
    final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void attached(String monitor, boolean fresh, Inventory inventory) {
        lines.add(fresh ? "fresh" : "again");
    }

    @Override
    public void reported(String monitor, HeldResource held) {
        lines.add("report " + held.resource());
    }

    @Override
    public void closed(String monitor, String resource) {
        lines.add("closed " + resource);
    }

    @Override
    public void detached(String monitor) {
        lines.add("detached");
    }

    @Override
    public void told(String monitor, Inventory inventory) {
        lines.add("told");
    }

    @Override
    public void queried(String monitor, Query query) {
        lines.add("query");
    }

    @Override
    public void gone(String monitor, Ending ending) {
        lines.add("gone " + ending.kind());
    }

    @Override
    public void silent(String monitor, String text) {
        lines.add("silent");
    }

    @Override
    public void answers(String monitor, String text) {
        lines.add("answers");
    }

    @Override
    public void stuck(String monitor, String trouble) {
        lines.add("stuck " + monitor);
    }
}
