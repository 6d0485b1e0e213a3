/// What a client of the cluster service sees: requests, views, errors, and a small Java client.
module dev.mainstay.api {
    requires static transitive org.jspecify;
    requires io.avaje.jsonb;

    exports dev.mainstay.api;

    provides io.avaje.jsonb.spi.JsonbExtension with
            dev.mainstay.api.jsonb.GeneratedJsonComponent;
}
