/// Messages between cluster service and resource monitor, and their bytes.
module dev.mainstay.protocol {
    requires static transitive org.jspecify;

    exports dev.mainstay.protocol;
}
