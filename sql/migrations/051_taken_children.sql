-- Only children that are taken come to be one of these.
alter type reprise.taken_child drop attribute fate;
