package dev.mainstay.cli;

import org.apache.commons.cli.Option;

/// An option of a command.
///
/// @param letter its short form, or empty
/// @param argument what stands for its value in help texts, or empty when it takes none
record Choice(String letter, String name, String argument, String help) {
    static final Choice HELP = new Choice("h", "help", "", "show this help");
    static final Choice OUTPUT = new Choice("o", "output", "FORMAT", "table (default) or json");
    static final Choice SOCKET = new Choice("", "socket", "PATH", "socket of the cluster service to ask");
    static final Choice NODE = new Choice("", "node", "NAME", "which node of 'mainstay run --nodes' to ask");
    static final Choice WAIT =
            new Choice("", "wait", "DURATION", "how long to wait for the outcome (default 60s; 0: not at all)");
    static final Choice DRY_RUN = new Choice("", "dry-run", "", "only show what would happen");
    static final Choice TO = new Choice("", "to", "NODE", "the node to move to");
    static final Choice FILE = new Choice("f", "file", "FILE", "the manifest");
    static final Choice YES = new Choice("y", "yes", "", "do not ask");
    static final Choice IGNORE_LOCK = new Choice("", "ignore-lock", "", "also when a resource is locked");
    static final Choice REASON = new Choice("", "reason", "TEXT", "why, for whoever looks at it");
    static final Choice UNSET = new Choice("", "unset", "NAME", "give a property its default again; may be repeated");
    static final Choice FORCE = new Choice("", "force", "", "also when it is online: take it offline first");
    static final Choice STOP = new Choice("", "stop", "", "no longer");
    static final Choice KEEP =
            new Choice("", "keep", "", "the resources go on, each with its monitor, until a cluster service is back");
    static final Choice MONITOR = new Choice("", "monitor", "NAME", "which resource monitor to ask (default: default)");
    static final Choice STACKS = new Choice("", "stacks", "", "also where the slowest calls stood");
    static final Choice FOLLOW = new Choice("", "follow", "", "go on with new events until interrupted");
    static final Choice AFTER = new Choice("", "after", "ID", "only events after this one");
    static final Choice LIMIT = new Choice(
            "", "limit", "N", "at most so many, 1 to 1000 (default 100): the latest, or those after --after");
    static final Choice PLUGINS =
            new Choice("", "plugins", "DIR", "where the node looks for plugins (default: it is asked)");
    static final Choice PROPERTY =
            new Choice("p", "property", "KEY=VALUE", "a property of the resource; may be repeated");
    static final Choice TYPE = new Choice("", "type", "NAME", "which type of the plugin (default: its first)");
    static final Choice DIR = new Choice("", "dir", "DIR", "where to write it (default: here)");
    static final Choice EXAMPLE = new Choice(
            "",
            "example",
            "NAME",
            "what to begin with: sleep (default), or daemon: a server that is awaited and asked");
    static final Choice NODES = new Choice("", "nodes", "N", "1 (default) or 3 nodes on this machine");
    static final Choice DATA = new Choice("", "data", "DIR", "where the nodes keep their data");

    Option toOption() {
        var option = letter.isEmpty() ? Option.builder() : Option.builder(letter);
        option.longOpt(name);
        return argument.isEmpty()
                ? option.get()
                : option.hasArg().argName(argument).get();
    }

    boolean takesValue() {
        return !argument.isEmpty();
    }

    boolean isWritten(String word) {
        return word.equals("--" + name) || (!letter.isEmpty() && word.equals("-" + letter));
    }

    /// As it stands in a help text.
    String shown() {
        return (letter.isEmpty() ? "    " : "-" + letter + ", ") + "--" + name + (takesValue() ? " " + argument : "");
    }
}
