// The shadow of the proof `l2`: the leaf last taken into the array for a page and an ASID
// that the solver chooses, until a fence covers it or all is cleared.

(* anyconst *) logic [W_VPN-1:0]  f_vpn;
(* anyconst *) logic [W_ASID-1:0] f_asid;

logic              f_known;
logic [W_DATA-1:0] f_data;
logic              f_covers_all, f_covers_asid, f_covers_any;
logic [W_SET:0]    f_left;
